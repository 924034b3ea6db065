"""End an objection, on the person's own word. It stays in the register, with its end."""

import uuid

from sqlalchemy import select

from privacy.core.db.work import UnitOfWork
from privacy.core.errors import NotFound
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.objections.models import ObjectionEntry, ObjectionToken
from privacy.profiles.parts import Objection, ObjectionChannel
from privacy.suppressions.causes import Cause
from privacy.suppressions.entries import lift


def end_objection(work: UnitOfWork, *, objection_id: uuid.UUID, channel: ObjectionChannel) -> None:
    """The person may be reached for this purpose again, unless another entry stands.

    Raises:
        NotFound: the bound tenant has no such objection. Repeating it changes nothing.
    """
    statement = select(ObjectionEntry).where(ObjectionEntry.id == objection_id)
    entry = work.session.scalar(statement.with_for_update())
    if entry is None:
        raise NotFound
    if entry.ended_at is not None:
        return
    entry.ended_at, entry.ended_channel = work.now, channel.value
    entry.ended_by = work.actor.id
    work.session.flush()
    free = [token for token in _tokens(work, objection_id) if not _stands(work, entry, token)]
    lift(work, tokens=free, objections=[Objection(entry.objection)], cause=Cause.OBJECTION)
    facts = {"purpose": entry.objection, "channel": channel.value}
    record(work, Event.OBJECTION_ENDED, subject=objection_id, facts=facts)


def _tokens(work: UnitOfWork, objection_id: uuid.UUID) -> list[bytes]:
    statement = select(ObjectionToken.token).where(ObjectionToken.objection_id == objection_id)
    return list(work.session.scalars(statement))


def _stands(work: UnitOfWork, ended: ObjectionEntry, token: bytes) -> bool:
    """Whether the same person objects to the same by another entry."""
    statement = (
        select(ObjectionEntry.id)
        .join(ObjectionToken, ObjectionToken.objection_id == ObjectionEntry.id)
        .where(
            ObjectionToken.token == token,
            ObjectionEntry.objection == ended.objection,
            ObjectionEntry.ended_at.is_(None),
        )
    )
    return work.session.scalar(statement.limit(1)) is not None
