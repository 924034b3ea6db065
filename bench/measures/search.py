"""Search by number among the calls of 30 days."""

import random
import time
from collections.abc import Iterator, Sequence
from uuid import UUID

from bench.contexts import Context
from bench.results import Better, Goal, Result
from bench.rounds import percentile
from bench.samples import number
from connector.calls.queries import Query
from connector.calls.search import search_calls

GOAL = Goal(10, 5, Better.LOWER)


def measure(context: Context) -> Iterator[Result]:
    """One tenant with all calls: any caller's number, unit of work and ledger event included."""
    tenants = [context.stock]
    yield result(context, "search, 1 tenant x 1 M", tenants, context.sizes.stock)


def result(context: Context, name: str, tenants: Sequence[UUID], calls: int) -> Result:
    """The first page of every call with a number, for numbers and tenants by chance."""
    chance = random.Random(11)
    for _ in range(20):
        _search(context, chance.choice(tenants), number(chance.randrange(60_000)))
    took, found = [], 0
    for _ in range(context.sizes.searches):
        tenant_id, wanted = chance.choice(tenants), number(chance.randrange(60_000))
        began = time.perf_counter()
        found += _search(context, tenant_id, wanted)
        took.append((time.perf_counter() - began) * 1_000)
    most, middle = percentile(took, 0.95), percentile(took, 0.5)
    return Result(
        name,
        f"p95 {most:.1f} ms (median {middle:.1f}, p99 {percentile(took, 0.99):.1f})",
        f"{calls:,} calls, {found / len(took):.0f} found each",
        most,
        GOAL,
        "30 days, a token and two probes each: 60 descents of a btree",
    )


def _search(context: Context, tenant_id: UUID, wanted: str) -> int:
    house = context.site.house
    with context.site.work(tenant_id).begin() as work:
        page = search_calls(work, vault=house.vault, query=Query(number=wanted))
    return len(page.calls)
