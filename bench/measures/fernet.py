"""Ingest against what most applications do: an ORM and one Fernet token for each field."""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from bench.contexts import Context
from bench.fernet import OrmFernet
from bench.results import Goal, Result
from bench.rounds import alternate
from bench.samples import BATCH, Feed, Samples
from bench.sealed import Sealed


def measure(context: Context) -> Iterator[Result]:
    """Two threads each; the baseline has the same btrees, and nothing else of ours."""
    site, sizes = context.site, context.sizes
    theirs, ours = OrmFernet(site), Sealed(site.house, site.account(site.tenant())[0])
    rounds, samples = max(2, sizes.rounds // 2), Samples(4)
    few, many = sizes.fernet_batches, sizes.batches
    feeds = [
        Feed([samples.body() for _ in range(count * (rounds + 1))], at_once=count)
        for count in (many, few)
    ]
    with ThreadPoolExecutor(2) as threads:
        sealed, fernet = alternate(
            [
                lambda: deque(threads.map(ours.ingest, feeds[0].take())),
                lambda: deque(threads.map(theirs.ingest, feeds[1].take())),
            ],
            rounds=rounds,
            amount=[many * BATCH, few * BATCH],
        )
    yield Result(
        "ingest against ORM + Fernet per field",
        sealed.text("rec/s"),
        fernet.text("rec/s"),
        sealed.over(fernet),
        Goal(15, 25),
        "five Fernet tokens and an ORM object a record",
    )
