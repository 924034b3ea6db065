"""Search by number among many tenants with few calls each."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from uuid import UUID

from bench.contexts import DAYS, Context
from bench.measures.search import among, result
from bench.results import Result
from bench.rings import make_tenants
from bench.samples import Samples
from bench.sealed import Sealed

_CALLERS = 300


def measure(context: Context) -> Iterator[Result]:
    """1,000 tenants with 1,000 calls each, over 30 days."""
    tenants = make_tenants(context.site, context.sizes.tenants, days=DAYS)
    samples = Samples(12, callers=_CALLERS)
    with ThreadPoolExecutor(2) as threads:
        for start in range(0, len(tenants), 50):
            some = tenants[start : start + 50]
            made = [(each, samples.spread(days=DAYS - 1)) for each in some]
            list(threads.map(partial(_fill, context), made))
    context.site.analyse()
    name = f"search, {len(tenants):,} tenants x 1,000"
    wanted = among(_CALLERS)
    yield result(context, name, tenants, wanted)


def _fill(context: Context, given: tuple[UUID, bytes]) -> None:
    account, _ = context.site.account(given[0])
    Sealed(context.site.house, account).ingest(given[1])
