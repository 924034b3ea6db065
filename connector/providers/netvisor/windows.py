"""Which part of Netvisor to ask for next. Pure: a cursor and a moment in, a plan out.

Netvisor has no pages and writes no zone: whether `changedsince` is UTC or Finnish time is open.
So moments go out in UTC and each window begins hours before the last one ended. Read as Finnish
time they then lie at most three hours further back, and what is seen twice is recognised by its
netvisor key; nothing falls between. The last window has no end.

Deleted invoices are told for seven days, deleted customers and products never: after a longer
gap, and now and then anyway, everything is listed and what is missing is gone.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

OVERLAP: Final = timedelta(hours=4)
"""More than Finnish time is ahead of UTC, with an hour for clocks and slow commits."""
DELETIONS_KEPT: Final = timedelta(days=7)
SAFE_GAP: Final = DELETIONS_KEPT - timedelta(days=1)
"""`deletedsince` is a day, not a moment, in somebody's zone."""
SWEEP_EVERY: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Cursor:
    """What the last successful run left. Both are moments at which a run *began*, aware."""

    synced_at: datetime | None = None
    swept_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """Modified from `start` (None: ever) to `end` (None: now and later)."""

    start: datetime | None
    end: datetime | None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run asks for.

    `sweep`: everything is listed, and what is not listed no longer exists.
    `deleted_since`: from which day to ask for deletions; None in a sweep, which shows them.
    """

    sweep: bool
    changed_since: datetime | None
    deleted_since: date | None
    next_cursor: Cursor


def plan_run(cursor: Cursor, now: datetime) -> Plan:
    """Full or incremental. A clock that went back is no reason to ask for less."""
    if must_sweep(cursor, now):
        return Plan(True, None, None, Cursor(synced_at=now, swept_at=now))
    last = min(cursor.synced_at or now, now)
    since = last - OVERLAP
    following = Cursor(synced_at=now, swept_at=cursor.swept_at)
    return Plan(False, since, since.date() - timedelta(days=1), following)


def must_sweep(cursor: Cursor, now: datetime) -> bool:
    """Never synced, away for longer than deletions are told, or long since the last sweep."""
    if cursor.synced_at is None or cursor.swept_at is None:
        return True
    return now - cursor.synced_at > SAFE_GAP or now - cursor.swept_at > SWEEP_EVERY
