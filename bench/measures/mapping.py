"""How fast each format becomes records: pure computing, in processor time."""

import gc
from collections.abc import Callable, Iterator
from time import process_time

from bench.contexts import Context
from bench.formats import Format, formats
from bench.results import Result
from bench.rounds import Series


def measure(context: Context) -> Iterator[Result]:
    """One thread; from a body's bytes to a record and the document that is kept beside it."""
    for each in formats(context.sizes.mapped):
        yield _result(each, context.sizes.rounds)


def _result(each: Format, rounds: int) -> Result:
    count = each.run()
    seconds = [_seconds(each.run) for _ in range(rounds)]
    speed = Series([count / taken for taken in seconds])
    size = each.size / count
    return Result(
        f"mapping, {each.name}",
        speed.text("rec/s"),
        f"{1e6 / speed.median:.0f} µs, {size:,.0f} bytes a record",
        limit="one core's Python; parsing grows with the bytes",
    )


def _seconds(run: Callable[[], int]) -> float:
    gc.collect()
    began = process_time()
    run()
    return process_time() - began
