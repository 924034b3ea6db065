"""Tell endpoints of new calls: once for a batch, and once for all that came one by one within
ten seconds. A receiver gets ids and reads what it needs; ten thousand records are one event.
"""

import uuid
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import delete, select

from connector.calls.store import Written
from connector.calls.taken import CallId
from connector.events_out.emit import write_event
from connector.events_out.facts import Facts, checked_facts
from connector.events_out.find import endpoints_wanting
from connector.events_out.kinds import EventKind
from connector.events_out.models import WebhookArrival
from privacy.core.db.work import UnitOfWork
from privacy.core.ids import new_id
from privacy.core.outbox.enqueue import enqueue
from privacy.core.outbox.names import JobName

MOST_IDS: Final = 250
"""Ids in one event: some 10 kB."""

SLOT: Final = timedelta(seconds=10)
_GRACE: Final = timedelta(seconds=2)
_PORTION: Final = 5_000


def announce(work: UnitOfWork, account_id: uuid.UUID, written: Written, *, single: bool) -> None:
    """Tell of what is new in `written`. Where nobody wants it: one small question, no more."""
    new = [one for one, is_new in written.items() if is_new]
    if not new:
        return
    wanting = endpoints_wanting(work, EventKind.CALL_RECEIVED)
    if not wanting:
        return
    if single:
        _let_wait(work, account_id, new)
    else:
        _tell(work, account_id, new, wanting)


def announce_arrivals(work: UnitOfWork) -> int:
    """Tell of the calls that came one by one. Returns how many events that made."""
    arrived: dict[uuid.UUID, list[CallId]] = {}
    for row in _taken(work):
        arrived.setdefault(row.account_id, []).append(row.call_id.bytes)
    wanting = endpoints_wanting(work, EventKind.CALL_RECEIVED) if arrived else []
    if not wanting:
        return 0
    portions = [
        (account_id, ids[start : start + MOST_IDS])
        for account_id, ids in sorted(arrived.items())
        for start in range(0, len(ids), MOST_IDS)
    ]
    for account_id, some in portions:
        _tell(work, account_id, some, wanting)
    return len(portions)


def _tell(
    work: UnitOfWork, account_id: uuid.UUID, ids: Sequence[CallId], wanting: Sequence[uuid.UUID]
) -> None:
    facts: Facts = {
        "account_id": account_id,
        "count": len(ids),
        "call_ids": [uuid.UUID(bytes=one) for one in ids[:MOST_IDS]],
        "complete": len(ids) <= MOST_IDS,
    }
    write_event(work, EventKind.CALL_RECEIVED, checked_facts(facts), wanting)


def _let_wait(work: UnitOfWork, account_id: uuid.UUID, ids: Iterable[CallId]) -> None:
    for call_id in ids:
        work.session.add(
            WebhookArrival(
                tenant_id=work.tenant_id,
                id=new_id(),
                account_id=account_id,
                call_id=uuid.UUID(bytes=call_id),
                at=work.now,
            )
        )
    work.session.flush()
    seconds = SLOT.seconds
    slot = work.now.replace(second=work.now.second // seconds * seconds, microsecond=0)
    key = f"{JobName.CALLS_ANNOUNCE}@{slot:%Y-%m-%dT%H:%M:%SZ}"
    # What commits after its slot's job ran is told with the next, or by the hourly sweep.
    enqueue(work, name=JobName.CALLS_ANNOUNCE, run_at=slot + SLOT + _GRACE, dedupe_key=key)


def _taken(work: UnitOfWork) -> Sequence[WebhookArrival]:
    oldest = (
        select(WebhookArrival.id)
        .where(WebhookArrival.tenant_id == work.tenant_id)
        .order_by(WebhookArrival.id)
        .limit(_PORTION)
        .with_for_update(skip_locked=True)
    )
    taken = delete(WebhookArrival).where(WebhookArrival.id.in_(oldest)).returning(WebhookArrival)
    rows = work.session.scalars(taken.execution_options(synchronize_session=False)).all()
    return sorted(rows, key=lambda row: row.id)
