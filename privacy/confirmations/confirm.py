"""The code came back: do what was said, once."""

import hmac
import uuid

from sqlalchemy import select

from privacy.confirmations.ask import Act
from privacy.confirmations.codes import TRIES, digest_of, plain
from privacy.confirmations.models import PERSON, Confirmation
from privacy.consents.models import Consent, ConsentToken
from privacy.consents.purposes import MARKETING, ConsentPurpose
from privacy.consents.shapes import ConsentChannel
from privacy.consents.withdraw import withdraw_consent
from privacy.core.db.work import UnitOfWork
from privacy.identities.people import Person, read_person
from privacy.identities.shapes import Identity
from privacy.identities.tokens import tokens_of
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.objections.record import record_objection
from privacy.objections.shapes import Objecting
from privacy.profiles.parts import Objection, ObjectionChannel
from privacy.suppressions.causes import Cause
from privacy.suppressions.entries import suppress
from privacy.vault.keyring import Keyring


def confirm(work: UnitOfWork, vault: Keyring, *, row_id: uuid.UUID, code: str) -> Act | None:
    """What was confirmed, and is done now; None for a wrong code, which counts.

    Never raises for what is wrong, old, used or not there: it is all the same to whoever tries.
    Commit either way.
    """
    row = work.session.get(
        Confirmation, (work.tenant_id, row_id), with_for_update=True, populate_existing=True
    )
    given = digest_of(work, vault, row_id, plain(code))
    known = row.code_digest if row is not None else bytes(len(given))
    if row is None:
        hmac.compare_digest(known, given)
        return None
    living = row.tries < TRIES and work.now < row.expires_at
    row.tries = min(row.tries + 1, TRIES)
    if not (hmac.compare_digest(known, given) and living):
        record(work, Event.CONFIRMATION_REFUSED, subject=row_id, facts={"act": row.act})
        return None
    person = read_person(PERSON.open(work, vault, row_id, row.person_sealed))
    done: Act = "objection" if row.act == "objection" else "withdrawal"
    if done == "objection":
        _object(work, vault, row, person)
    else:
        _withdraw(work, vault, row, person)
    work.session.delete(row)
    work.session.flush()
    return done


def _object(work: UnitOfWork, vault: Keyring, row: Confirmation, person: Person) -> None:
    objections = [Objection(one) for one in row.chosen]
    record_objection(work, vault, Objecting(person, objections, ObjectionChannel.FORM))


def _withdraw(work: UnitOfWork, vault: Keyring, row: Confirmation, person: Person) -> None:
    """Each consent of this person to what was chosen; and nothing is sent on one never kept.

    The code came by mail, so it is the address that withdraws: a number that was typed beside it
    can be anybody's.
    """
    purposes = {ConsentPurpose(one) for one in row.chosen}
    tokens = tokens_of(work, vault, [Identity.email(person.email)])
    found = select(Consent.id).where(
        Consent.tenant_id == work.tenant_id,
        Consent.service == row.service,
        Consent.purpose.in_(sorted(purposes)),
        Consent.id.in_(
            select(ConsentToken.consent_id).where(
                ConsentToken.tenant_id == work.tenant_id, ConsentToken.token.in_(tokens)
            )
        ),
    )
    for consent_id in work.session.scalars(found).all():
        withdraw_consent(work, vault, consent_id=consent_id, channel=ConsentChannel.FORM)
    if stopped := [Objection(one) for one in sorted(purposes & MARKETING)]:
        suppress(work, tokens=tokens, objections=stopped, cause=Cause.WITHDRAWAL)
