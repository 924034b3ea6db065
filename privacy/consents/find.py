"""Read the register of consents: all of it by pages, one person's, or one consent."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from sqlalchemy import select

from privacy.consents.models import (
    EVIDENCE,
    PERSON,
    Consent,
    ConsentEvent,
    ConsentToken,
    ConsentWording,
)
from privacy.consents.purposes import ConsentPurpose
from privacy.consents.shapes import (
    ConsentAct,
    ConsentChannel,
    ConsentEventView,
    ConsentView,
    Wording,
)
from privacy.consents.withdraw import find_row
from privacy.core.db.work import UnitOfWork
from privacy.identities.people import read_person
from privacy.identities.shapes import Identity
from privacy.identities.tokens import tokens_of
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.vault.keyring import Keyring

MOST: Final = 100
"""Consents on one page."""


def list_consents(
    work: UnitOfWork,
    vault: Keyring,
    *,
    who: Identity | None = None,
    before: uuid.UUID | None = None,
    limit: int = MOST,
) -> list[ConsentView]:
    """Up to `limit` consents, the latest recorded first, before the id `before`; in the ledger.

    Args:
        who: only of this person.
    """
    statement = select(Consent).order_by(Consent.id.desc()).limit(min(limit, MOST))
    if before is not None:
        statement = statement.where(Consent.id < before)
    if who is not None:
        found = select(ConsentToken.consent_id).where(
            ConsentToken.token == tokens_of(work, vault, [who])[0]
        )
        statement = statement.where(Consent.id.in_(found))
    views = views_of(work, vault, list(work.session.scalars(statement)))
    by = "person" if who is not None else "time"
    record(work, Event.CONSENTS_SEARCHED, facts={"by": by, "found": len(views)})
    return views


def view_consent(work: UnitOfWork, vault: Keyring, *, consent_id: uuid.UUID) -> ConsentView:
    """One consent; said in the ledger. Raises NotFound."""
    view = views_of(work, vault, [find_row(work, consent_id)])[0]
    record(work, Event.CONSENT_VIEWED, subject=consent_id)
    return view


def views_of(work: UnitOfWork, vault: Keyring, rows: Sequence[Consent]) -> list[ConsentView]:
    """Rows with their words and events, in their order."""
    digests = {row.wording_digest for row in rows}
    wordings = {
        bytes(one.digest): Wording(one.text, one.language, one.version)
        for one in work.session.scalars(
            select(ConsentWording).where(ConsentWording.digest.in_(digests))
        )
    }
    events = _events(work, vault, [row.id for row in rows])
    return [
        ConsentView(
            id=row.id,
            service=row.service,
            purpose=ConsentPurpose(row.purpose),
            person=read_person(PERSON.open(work, vault, row.id, row.person_sealed)),
            wording=wordings[bytes(row.wording_digest)],
            digest=bytes(row.wording_digest).hex(),
            events=events[row.id],
        )
        for row in rows
    ]


def _events(
    work: UnitOfWork, vault: Keyring, ids: Iterable[uuid.UUID]
) -> dict[uuid.UUID, list[ConsentEventView]]:
    found: dict[uuid.UUID, list[ConsentEventView]] = defaultdict(list)
    statement = select(ConsentEvent).where(ConsentEvent.consent_id.in_(list(ids)))
    for row in work.session.scalars(statement.order_by(ConsentEvent.at, ConsentEvent.id)):
        found[row.consent_id].append(
            ConsentEventView(
                act=ConsentAct(row.act),
                at=row.at,
                recorded_at=row.recorded_at,
                channel=ConsentChannel(row.channel),
                evidence=_evidence(work, vault, row),
                recorded_by=row.recorded_by,
            )
        )
    return found


def _evidence(work: UnitOfWork, vault: Keyring, row: ConsentEvent) -> str:
    if row.evidence_sealed is None:
        return ""
    return EVIDENCE.open(work, vault, row.id, row.evidence_sealed).decode()
