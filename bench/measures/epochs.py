"""The nightly epoch: every key of every tenant rewrapped, escrowed, opened once more."""

from collections.abc import Iterator

from sqlalchemy import text

from bench.contexts import Context
from bench.results import Better, Goal, Result
from bench.rings import make_tenants
from bench.rounds import Series, seconds
from privacy.vault.epochs import advance_epoch

_DAYS = 31


def measure(context: Context) -> Iterator[Result]:
    """A ring of 10,000 tenants, 33 keys each (and what other measurements have left)."""
    house, tenants = context.site.house, context.sizes.epoch_tenants
    make_tenants(context.site, tenants, days=_DAYS)
    with house.engines.keeper.begin() as connection:
        keys = connection.execute(text("SELECT count(*) FROM key_ring")).scalar_one()
    took = [seconds(lambda: advance_epoch(house.engines.keeper, house.custody)) for _ in range(2)]
    spent = Series(took)
    yield Result(
        f"nightly epoch, {tenants:,} tenants",
        spent.text("s", ",.1f"),
        f"{keys:,} keys",
        spent.median,
        Goal(60, 10, Better.LOWER),
        "each key is opened twice and wrapped once, and its row is written anew",
    )
