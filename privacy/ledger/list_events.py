"""Page through a tenant's ledger, newest first."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, select

from privacy.core.db.work import UnitOfWork
from privacy.ledger.models import LedgerEvent, LedgerLink

LARGEST_PAGE = 200


@dataclass(frozen=True, slots=True)
class EventFilter:
    """What to show; an absent field filters nothing. Moments are aware; `until` is exclusive."""

    event_prefix: str | None = None
    actor_id: uuid.UUID | None = None
    subject: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class ListedEvent:
    """One event; `position` is None while the sequencer has not come by."""

    id: uuid.UUID
    at: datetime
    event: str
    actor_kind: str
    actor_id: uuid.UUID | None
    subject: str | None
    facts: dict[str, Any]
    committed: bool
    position: int | None


@dataclass(frozen=True, slots=True)
class EventPage:
    """A page, and where the next one begins; None when this is the last."""

    events: list[ListedEvent]
    next_cursor: uuid.UUID | None


def list_events(
    work: UnitOfWork,
    *,
    cursor: uuid.UUID | None = None,
    limit: int = 50,
    where: EventFilter | None = None,
) -> EventPage:
    """Events of `work`'s tenant before `cursor`; ids are made in order of time, so they page."""
    limit = max(1, min(limit, LARGEST_PAGE))
    statement = _narrow(_SELECT.where(LedgerEvent.tenant_id == work.tenant_id), where)
    if cursor is not None:
        statement = statement.where(LedgerEvent.id < cursor)
    rows = work.session.execute(statement.order_by(LedgerEvent.id.desc()).limit(limit + 1)).all()
    events = [_listed(row) for row in rows[:limit]]
    return EventPage(events, events[-1].id if len(rows) > limit else None)


def _listed(row: Row[tuple[Any, ...]]) -> ListedEvent:
    fields: list[Any] = list(row)
    fields[7] = fields[7] is not None
    return ListedEvent(*fields)


def _narrow(
    statement: Select[tuple[Any, ...]], where: EventFilter | None
) -> Select[tuple[Any, ...]]:
    if where is None:
        return statement
    event, prefix = LedgerEvent.event, where.event_prefix
    if prefix is not None:
        statement = statement.where(event.startswith(prefix, autoescape=True))
    if where.actor_id is not None:
        statement = statement.where(LedgerEvent.actor_id == where.actor_id)
    if where.subject is not None:
        statement = statement.where(LedgerEvent.subject == where.subject)
    if where.since is not None:
        statement = statement.where(LedgerEvent.at >= where.since)
    if where.until is not None:
        statement = statement.where(LedgerEvent.at < where.until)
    return statement


_SELECT: Select[tuple[Any, ...]] = select(
    LedgerEvent.id,
    LedgerEvent.at,
    LedgerEvent.event,
    LedgerEvent.actor_kind,
    LedgerEvent.actor_id,
    LedgerEvent.subject,
    LedgerEvent.facts,
    LedgerEvent.commitment,
    LedgerLink.position,
).outerjoin(
    LedgerLink,
    (LedgerLink.tenant_id == LedgerEvent.tenant_id) & (LedgerLink.event_id == LedgerEvent.id),
)
