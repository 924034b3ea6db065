"""Day partitions of both sides: replication carries no schema, so days are made and dropped here.

A row for which there is no partition stops a link (it tries again, and goes on once there is one),
so the taker's are made far ahead. A day that ended on the giver is dropped on the taker once the
link has passed the moment at which it was seen to be gone.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from time import sleep
from typing import Final

from sqlalchemy import Engine, text

from privacy.core import clock
from privacy.moves.links import Link
from privacy.moves.orders import order
from privacy.moves.sides import Side
from privacy.retention.partitions import day_tables, make_partitions, partition_days

AHEAD: Final = 45
"""Days for which a taker is ready, while nobody looks after the link."""
_MOMENT: Final = 2.0
_PAUSE: Final = 0.02
_LOCK = text("SET LOCAL lock_timeout = '2s'")

Days = Mapping[str, set[date]]


def days_of(side: Side) -> Days:
    """The days of every table that is kept by day."""
    with side.engines.owner.connect() as connection:
        return {name: partition_days(connection, name) for name in day_tables(connection)}


def tend(link: Link) -> tuple[int, int]:
    """Make days that the giver has or will have; drop those that ended there. How many of each."""
    there = days_of(link.giver)
    mark = link.here()
    made = make_ahead(link.taker, _all(there))
    first = min(_all(there), default=date.min)
    ended = [(t, d) for t, days in days_of(link.taker).items() for d in days if d < first]
    if not ended or not _has_passed(link, mark):
        return made, 0
    _drop(link.taker.engines.owner, ended)
    return made, len(ended)


def _has_passed(link: Link, mark: str) -> bool:
    """Whether nothing of before `mark` can still arrive; a link in step takes a moment."""
    until = clock.monotonic() + _MOMENT
    while link.behind(mark) and clock.monotonic() < until:
        sleep(_PAUSE)
    return not link.behind(mark) and link.progress().in_step


def make_ahead(side: Side, days: Iterable[date]) -> int:
    """Make `days`, and the coming weeks. Returns how many partitions."""
    with side.engines.owner.connect() as connection:
        today = clock.database_today(connection)
    coming = {today + timedelta(days=n) for n in range(AHEAD + 1)}
    return make_partitions(side.engines.owner, {*days, *coming})


def align(link: Link) -> None:
    """Let the taker have the giver's days, and no other. Nothing may be on its way."""
    there, here = days_of(link.giver), days_of(link.taker)
    make_partitions(link.taker.engines.owner, _all(there))
    extra = [(t, d) for t, days in here.items() for d in days - there.get(t, set())]
    _drop(link.taker.engines.owner, extra)


def _all(days: Days) -> set[date]:
    return set().union(*days.values())


def _drop(owner: Engine, extra: Iterable[tuple[str, date]]) -> None:
    for table, day in extra:
        with owner.begin() as connection:
            connection.execute(_LOCK)
            order(connection, "DROP TABLE {}", f"{table}_{day:%Y_%m_%d}")
