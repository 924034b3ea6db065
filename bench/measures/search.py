"""Search by number among the calls of 30 days."""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from uuid import UUID

from bench.contexts import Context
from bench.results import Better, Goal, Result
from bench.rounds import percentile
from bench.samples import CALLERS, number, own_number
from connector.calls.queries import Query
from connector.calls.search import search_calls

_GOAL = Goal(10, 5, Better.LOWER)
Wanted = Callable[[random.Random], str]


def measure(context: Context) -> Iterator[Result]:
    """One tenant with all calls: any caller's number, then those that every fourth call is to."""
    tenants, stock = [context.stock], f"{context.sizes.stock:,} calls"
    yield result(context, f"search, 1 tenant x {stock}", tenants, among(CALLERS))
    yield result(context, f"search, the busiest numbers of {stock}", tenants, own_number)


def among(callers: int) -> Wanted:
    """Numbers of callers by chance."""
    return lambda chance: number(chance.randrange(callers))


def result(context: Context, name: str, tenants: Sequence[UUID], wanted: Wanted) -> Result:
    """The first page of 100, of tenants by chance, unit of work and ledger event included."""
    chance = random.Random(11)
    for _ in range(20):
        _search(context, chance.choice(tenants), wanted(chance))
    took, found = [], 0
    for _ in range(context.sizes.searches):
        tenant_id, asked = chance.choice(tenants), wanted(chance)
        began = time.perf_counter()
        found += _search(context, tenant_id, asked)
        took.append((time.perf_counter() - began) * 1_000)
    most, middle = percentile(took, 0.95), percentile(took, 0.5)
    return Result(
        name,
        f"p95 {most:.1f} ms (median {middle:.1f}, p99 {percentile(took, 0.99):.1f})",
        f"{found / len(took):.0f} found each",
        most,
        _GOAL,
        "30 days, a token and two probes each: 60 descents of a btree",
    )


def _search(context: Context, tenant_id: UUID, number: str) -> int:
    with context.site.work(tenant_id).begin() as work:
        vault = context.site.house.vault
        return len(search_calls(work, vault=vault, query=Query(number=number)).calls)
