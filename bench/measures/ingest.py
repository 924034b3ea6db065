"""Ingest in one process, from JSON batches of 1,000 to committed."""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from bench.contexts import Context
from bench.costs import cost
from bench.results import Goal, Result
from bench.rounds import alternate
from bench.samples import BATCH, Feed, Samples
from bench.sealed import Sealed


def measure(context: Context) -> Iterator[Result]:
    """One thread, and two threads that take whole batches: against the yardstick Y."""
    site, sizes = context.site, context.sizes
    samples, tenant_id = Samples(1), site.tenant()
    bodies = [samples.body() for _ in range(sizes.batches * (sizes.rounds + 2))]
    # Each account names its calls differently, so both may send the same ones.
    alone, paired = (Sealed(site.house, site.account(tenant_id, name=n)[0]) for n in ("a", "b"))
    ones, twos, theirs = (Feed(bodies, at_once=sizes.batches) for _ in range(3))
    with ThreadPoolExecutor(2) as threads:
        one, two, yardstick = alternate(
            [
                lambda: deque(map(alone.ingest, ones.take())),
                lambda: deque(threads.map(paired.ingest, twos.take())),
                lambda: deque(map(context.plain.ingest, theirs.take())),
            ],
            rounds=sizes.rounds,
            amount=sizes.batches * BATCH,
        )
        records = sizes.batches * BATCH
        spent = cost(site, lambda: deque(map(alone.ingest, ones.take())), records=records)
        plain = cost(site, lambda: deque(map(context.plain.ingest, theirs.take())), records=records)
    base, note = yardstick.text("rec/s"), f"processor time a record, Python + PostgreSQL: {spent}"
    limit = "Python holds one core, PostgreSQL the other; every row enters four btrees"
    yield Result("ingest, 1 process, 1 thread", one.text("rec/s"), base, one.over(yardstick))
    yield Result(
        "ingest, 1 process, 2 threads",
        two.text("rec/s"),
        base,
        two.over(yardstick),
        Goal(0.8, 1.0),
        limit,
        [f"{note}; Y: {plain}"],
    )
