"""Counts per day, account and direction: they identify nobody and outlive the calls."""

import os
import threading
import uuid
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from sqlalchemy import func, select

from connector.calls.models import CallTally
from connector.calls.shapes import CallRecord
from connector.calls.taken import CallId
from privacy.core.db.arrays import Dates, Int8s, Uuids
from privacy.core.db.work import UnitOfWork

SHARDS: Final = 16
_NOTHING: Final = timedelta()

_INTO = """
INSERT INTO call_tallies (tenant_id, account_id, shard, day, direction, calls, seconds)
SELECT %s::uuid, %s::uuid, %s::int2,
"""
_RAISE = """
ON CONFLICT (tenant_id, day, account_id, direction, shard) DO UPDATE
SET calls = call_tallies.calls + excluded.calls, seconds = call_tallies.seconds + excluded.seconds
"""
_ADD = f"""
{_INTO} u.*
FROM unnest(%s::date[], %s::text[], %s::int8[], %s::int8[]) AS u (day, direction, calls, seconds)
{_RAISE}
"""
ADD_NEW = f"""
{_INTO} u.day, u.direction, count(*), sum(u.seconds)
FROM new JOIN unnest(%s::date[], %s::uuid[], %s::text[], %s::int8[])
    AS u (day, id, direction, seconds) USING (id)
GROUP BY u.day, u.direction ORDER BY u.day, u.direction
{_RAISE}
"""
"""Of some calls, count those in `new`. Parameters: tenant, account, shard, `tally_columns`."""


def shard() -> int:
    """This thread's shard: writers of one account seldom meet on a row."""
    return hash((os.getpid(), threading.get_ident())) % SHARDS


def add_tallies(
    work: UnitOfWork, account_id: uuid.UUID, counted: Mapping[date, Sequence[CallRecord]]
) -> None:
    """Count newly stored calls. Keys are sorted, so two writers never wait for each other."""
    calls: dict[tuple[date, str], int] = {}
    seconds: dict[tuple[date, str], int] = {}
    for day, records in counted.items():
        for direction in {record.direction for record in records}:
            alike = [record for record in records if record.direction == direction]
            calls[day, direction] = len(alike)
            seconds[day, direction] = sum(_spoken(alike))
    if not calls:
        return
    keys = sorted(calls)
    columns = (
        Dates.runs([(day, 1) for day, _ in keys]),
        [direction for _, direction in keys],
        Int8s.of([calls[key] for key in keys]),
        Int8s.of([seconds[key] for key in keys]),
    )
    owner = (str(work.tenant_id), str(account_id), shard())
    work.driver.execute(_ADD, (*owner, *columns), prepare=True)


def tally_columns(calls: Mapping[date, Mapping[CallId, CallRecord]]) -> tuple[object, ...]:
    """The columns of ADD_NEW: days, ids, directions and seconds."""
    records = [record for some in calls.values() for record in some.values()]
    return (
        Dates.runs([(day, len(some)) for day, some in calls.items()]),
        Uuids.of([identifier for some in calls.values() for identifier in some]),
        [record.direction for record in records],
        Int8s.of(_spoken(records)),
    )


def calls_per_day(
    work: UnitOfWork, *, since: date, until: date
) -> list[tuple[date, uuid.UUID, str, int, int]]:
    """Rows of (day, account, direction, calls, seconds) from `since` to `until`, both included."""
    statement = (
        select(
            CallTally.day,
            CallTally.account_id,
            CallTally.direction,
            func.sum(CallTally.calls),
            func.sum(CallTally.seconds),
        )
        .where(CallTally.day.between(since, until))
        .group_by(CallTally.day, CallTally.account_id, CallTally.direction)
        .order_by(CallTally.day, CallTally.account_id, CallTally.direction)
    )
    rows = work.session.execute(statement)
    return [(day, account, way, int(n), int(s)) for day, account, way, n, s in rows]


def _spoken(records: Sequence[CallRecord]) -> list[int]:
    """Whole seconds from answer to end of each; none for a call that nobody answered."""
    return [
        talked.days * 86_400 + talked.seconds
        if (answer := record.answered_at) is not None
        and (end := record.ended_at) is not None
        and (talked := end - answer) >= _NOTHING
        else 0
        for record in records
    ]
