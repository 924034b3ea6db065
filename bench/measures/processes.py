"""Ingest in two processes."""

from collections import deque
from collections.abc import Callable, Iterator

from bench.contexts import Context
from bench.results import Goal, Result
from bench.rounds import alternate
from bench.samples import BATCH, Feed, Samples
from bench.sealed import Sealed
from bench.workers import Worker, ask_all
from connector.accounts.refs import AccountRef
from jobs.installation import open_installation


def measure(context: Context) -> Iterator[Result]:
    """Each with one thread and one account of the same tenant, against Y in one process."""
    site, sizes = context.site, context.sizes
    tenant_id, samples = site.tenant(), Samples(5)
    blocks = sizes.rounds + 1
    bodies = [samples.body() for _ in range(sizes.batches * blocks)]
    theirs = Feed(bodies, at_once=sizes.batches)
    accounts = [site.account(tenant_id, name=name)[0] for name in ("a", "b")]
    half = sizes.batches // 2
    with (
        Worker(make_ingest, accounts[0], 6, half, blocks) as one,
        Worker(make_ingest, accounts[1], 7, half, blocks) as two,
    ):
        both, yardstick = alternate(
            [
                lambda: ask_all([one, two], None),
                lambda: deque(map(context.plain.ingest, theirs.take())),
            ],
            rounds=sizes.rounds,
            amount=[2 * half * BATCH, sizes.batches * BATCH],
        )
    yield Result(
        "ingest, 2 processes",
        both.text("rec/s"),
        yardstick.text("rec/s"),
        both.over(yardstick),
        Goal(1.0, 1.3),
        "two cores: what both sides compute for a record, halved",
    )


def make_ingest(
    account: AccountRef, seed: int, at_once: int, blocks: int
) -> Callable[[object], int]:
    """In the process: answers each question with a block that is committed."""
    sealed, samples = Sealed(open_installation(), account), Samples(seed)
    feed = Feed([samples.body() for _ in range(at_once * blocks)], at_once=at_once)
    return lambda _: len(deque(map(sealed.ingest, feed.take())))
