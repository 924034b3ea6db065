"""Read the register of objections: by pages, one person's, or one entry."""

import uuid
from typing import Final

from sqlalchemy import select

from privacy.core.db.work import UnitOfWork
from privacy.core.errors import NotFound
from privacy.identities.people import read_person
from privacy.identities.shapes import Identity
from privacy.identities.tokens import tokens_of
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.objections.models import PERSON, ObjectionEntry, ObjectionToken
from privacy.objections.shapes import ObjectionView
from privacy.profiles.parts import Objection, ObjectionChannel
from privacy.vault.keyring import Keyring

MOST: Final = 100
"""Objections on one page."""


def list_objections(
    work: UnitOfWork,
    vault: Keyring,
    *,
    who: Identity | None = None,
    before: uuid.UUID | None = None,
    limit: int = MOST,
) -> list[ObjectionView]:
    """Up to `limit` entries, the latest recorded first, before the id `before`; in the ledger.

    Args:
        who: only of this person.
    """
    statement = select(ObjectionEntry).order_by(ObjectionEntry.id.desc()).limit(min(limit, MOST))
    if before is not None:
        statement = statement.where(ObjectionEntry.id < before)
    if who is not None:
        found = select(ObjectionToken.objection_id).where(
            ObjectionToken.token == tokens_of(work, vault, [who])[0]
        )
        statement = statement.where(ObjectionEntry.id.in_(found))
    views = [_view(work, vault, row) for row in work.session.scalars(statement)]
    by = "person" if who is not None else "time"
    record(work, Event.OBJECTIONS_SEARCHED, facts={"by": by, "found": len(views)})
    return views


def view_objection(work: UnitOfWork, vault: Keyring, *, objection_id: uuid.UUID) -> ObjectionView:
    """One entry; said in the ledger. Raises NotFound."""
    row = work.session.scalar(select(ObjectionEntry).where(ObjectionEntry.id == objection_id))
    if row is None:
        raise NotFound
    record(work, Event.OBJECTION_VIEWED, subject=objection_id)
    return _view(work, vault, row)


def _view(work: UnitOfWork, vault: Keyring, row: ObjectionEntry) -> ObjectionView:
    return ObjectionView(
        id=row.id,
        objection=Objection(row.objection),
        person=read_person(PERSON.open(work, vault, row.id, row.person_sealed)),
        channel=ObjectionChannel(row.channel),
        at=row.at,
        recorded_at=row.recorded_at,
        recorded_by=row.recorded_by,
        ended_at=row.ended_at,
        ended_channel=ObjectionChannel(row.ended_channel) if row.ended_channel else None,
    )
