"""Ending a day: does it take longer when there is more in it?"""

from collections.abc import Iterator
from datetime import date, timedelta

from bench.contexts import Context
from bench.results import Better, Goal, Result
from bench.rounds import Series, seconds
from bench.sites import Site
from connector.calls.keeping import KIND, SERVICE
from privacy.core import clock
from privacy.core.ids import new_id
from privacy.retention.destroy import destroy_due
from privacy.retention.partitions import drop_partitions, make_partitions
from privacy.retention.rules import DayRule
from privacy.vault.creations import create_keys, tenant_key_names
from privacy.vault.days_ahead import DayKind
from privacy.vault.epochs import advance_epoch
from privacy.vault.wrapping import KeyKind, KeyName

_KEEP = 30
# Rows as ingest leaves them: random ids, tokens and blobs of the usual size.
_FILL = """
INSERT INTO calls SELECT '{tenant}', '{day}', gen_random_uuid(), '{tenant}', 1, n % 96,
    (random() * 60000)::int8 * 7919, (random() * 200)::int8 * 104729,
    (random() * 40)::int8 * 1299709, decode(repeat(md5(n::text), 12), 'hex')
FROM generate_series(1, {rows}) AS n
"""


def measure(context: Context) -> Iterator[Result]:
    """Keys destroyed, epoch ended, partition dropped: the whole of a nightly run for one day.

    What is destroyed with the epoch nobody opens again: that part is shown by itself, too.
    """
    small, large = context.sizes.ending_rows
    few, many = [], []
    for _ in range(context.sizes.ending_rounds):
        few.append(_ending(context.site, small))
        many.append(_ending(context.site, large))
    yield _compared(
        f"end a day of {large:,} rows",
        [sum(each) for each in few],
        [sum(each) for each in many],
        small,
        "no row is read; the file system gives back the files of a larger partition",
    )
    yield _compared(
        "the same, until nobody can read it",
        [destroyed for destroyed, _ in few],
        [destroyed for destroyed, _ in many],
        small,
        "one row of a key, one epoch, two folders of escrow",
    )


def _compared(name: str, few: list[float], many: list[float], small: int, limit: str) -> Result:
    fast, slow = Series([each * 1_000 for each in few]), Series([each * 1_000 for each in many])
    goal = Goal(1.3, 1.1, Better.LOWER)
    return Result(
        name, slow.text("ms"), f"{fast.text('ms')} for {small:,}", slow.over(fast), goal, limit
    )


def _ending(site: Site, rows: int) -> tuple[float, float]:
    """Seconds until the day is destroyed, and those in which its partition goes."""
    house, today = site.house, clock.now().date()
    day = today - timedelta(days=_KEEP)
    _prepare(site, day, rows)
    rule = DayRule(DayKind(SERVICE, KIND), _KEEP)

    def destroy() -> None:
        destroy_due(house.engines.keeper, rule, (), today=today)
        advance_epoch(house.engines.keeper, house.custody)

    def drop() -> None:
        assert drop_partitions(house.engines.owner, before=day + timedelta(days=1))

    return seconds(destroy), seconds(drop)


def _prepare(site: Site, day: date, rows: int) -> None:
    house, tenant_id = site.house, new_id()
    make_partitions(house.engines.owner, [day])
    key = KeyName(tenant_id, KeyKind.DAY, SERVICE, KIND, day, 1)
    with house.engines.keeper.begin() as connection:
        create_keys(connection, house.custody, [*tenant_key_names(tenant_id), key])
    with site.admin() as admin:
        admin.execute(_FILL.format(tenant=tenant_id, day=day, rows=rows).encode())
        admin.execute("CHECKPOINT")
