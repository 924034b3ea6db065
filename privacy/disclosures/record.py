"""Enter a disclosure: at once, or (for a registry) as a preview that is published by its digest."""

import hmac
import uuid
from datetime import timedelta
from typing import Final

import msgspec
from sqlalchemy import delete

from privacy.consents.moments import is_plausible
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Conflict, Invalid
from privacy.core.ids import new_id
from privacy.disclosures.find import find_disclosure
from privacy.disclosures.models import SAID, Disclosure, DisclosureToken
from privacy.disclosures.rules import check_disclosure
from privacy.disclosures.shapes import Disclosing, Said
from privacy.identities.tokens import tokens_of
from privacy.ledger.encoding import Fact
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.profiles.sharing import Ground
from privacy.subjects.limits import evidence_until
from privacy.vault.derivations import canonical
from privacy.vault.keyring import Keyring
from privacy.vault.labels import Index

PREVIEW_LIVES: Final = timedelta(days=7)


class NotPreviewed(Conflict):
    """What a registry publishes is looked at first (promise E3)."""

    code = "not_previewed"
    message = "Look at what will be published first; what you confirm must be what you saw."


def record_disclosure(work: UnitOfWork, vault: Keyring, said: Disclosing) -> uuid.UUID:
    """Enter what is told, with ground, reference, fields and recipient.

    Raises:
        NotGrounded, NoConsent, Invalid: it must not be told; nothing was entered.
        NotPreviewed: a registry's publication goes by `preview_publication`.
    """
    if said.ground is Ground.REGISTRY and not said.document:
        raise NotPreviewed
    check_disclosure(work, vault, said)
    if said.at is not None and (not is_plausible(said.at) or said.at > work.now):
        raise Invalid(fields={"at": "A moment that has passed is wanted."})
    row = _row(work, vault, said)
    row.state, row.at = "made", said.at or work.now
    _store(work, vault, row, said)
    facts: dict[str, Fact] = {"ground": said.ground.value, "fields": len(said.fields)}
    record(work, Event.DISCLOSURE_MADE, subject=row.id, facts=facts)
    return row.id


def preview_publication(
    work: UnitOfWork, vault: Keyring, said: Disclosing
) -> tuple[uuid.UUID, bytes]:
    """Enter what a registry would publish, for somebody to look at.

    Returns:
        The entry, and the digest that `publish` wants: of exactly these values.

    Raises:
        NotGrounded, Invalid.
    """
    check_disclosure(work, vault, said)
    row = _row(work, vault, said)
    row.state, row.preview_digest = "previewed", _digest(work, vault, said)
    row.ends_on = (work.now + PREVIEW_LIVES).date()
    _store(work, vault, row, said)
    record(work, Event.DISCLOSURE_PREVIEWED, subject=row.id, facts={"fields": len(said.fields)})
    return row.id, row.preview_digest


def publish(work: UnitOfWork, *, disclosure_id: uuid.UUID, digest: bytes) -> None:
    """What was previewed is published now. Doing it again changes nothing.

    Raises:
        NotFound: no such entry. NotPreviewed: something else was looked at.
    """
    row = find_disclosure(work, disclosure_id, lock=True)
    if row.preview_digest is None or not hmac.compare_digest(row.preview_digest, digest):
        raise NotPreviewed
    if row.state == "made":
        return
    row.state, row.at = "made", work.now
    row.ends_on = evidence_until(work.today)
    facts: dict[str, Fact] = {"ground": row.ground, "fields": len(row.fields)}
    record(work, Event.DISCLOSURE_MADE, subject=row.id, facts=facts)
    work.session.flush()


def sweep_disclosures(work: UnitOfWork) -> int:
    """Delete the bound tenant's entries that prove nothing any more, and old previews."""
    over = Disclosure.tenant_id == work.tenant_id, Disclosure.ends_on <= work.today
    return work.connection.execute(delete(Disclosure).where(*over)).rowcount


def _row(work: UnitOfWork, vault: Keyring, said: Disclosing) -> Disclosure:
    row = Disclosure(
        tenant_id=work.tenant_id,
        id=new_id(),
        service=said.service,
        ground=said.ground.value,
        reason=said.reason.value if said.reason else None,
        fields=sorted(set(said.fields)),
        recorded_at=work.now,
        recorded_by=work.actor.id,
        ends_on=evidence_until(work.today),
    )
    sealed = Said(
        person=said.person,
        recipient=said.recipient.strip(),
        reference=said.reference.strip(),
        contact=said.contact.strip(),
        values=dict(said.values),
    )
    row.said_sealed = SAID.seal(work, vault, row.id, msgspec.msgpack.encode(sealed))
    return row


def _store(work: UnitOfWork, vault: Keyring, row: Disclosure, said: Disclosing) -> None:
    work.session.add(row)
    work.session.flush()
    work.session.add_all(
        DisclosureToken(tenant_id=work.tenant_id, token=token, disclosure_id=row.id)
        for token in dict.fromkeys(tokens_of(work, vault, said.person.identities))
    )
    work.session.flush()


def _digest(work: UnitOfWork, vault: Keyring, said: Disclosing) -> bytes:
    parts = [f"{name}={said.values[name]}" for name in sorted(said.values)]
    told = [said.service, said.recipient.strip(), said.reference.strip(), *parts]
    index = vault.tenant_index(work, Index.CONTENT)
    return index.digest(canonical(b"registry preview", *(one.encode() for one in told)))
