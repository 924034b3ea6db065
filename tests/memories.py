"""What reading holds in memory at most, and whether it holds more the longer it takes."""

import gc
import tracemalloc
from collections.abc import Iterable
from dataclasses import dataclass

MIB = 1024 * 1024
_USUAL = (700, 10, 10)
"""Tests look for garbage less often than the product does."""


@dataclass(frozen=True)
class Peaks:
    """How much was read, and bytes at most: until `early` of it was read, and in all."""

    read: int
    early: int
    most: int


def peaks_of(sizes: Iterable[int], *, early: int) -> Peaks:
    """Read to the end: each of `sizes` is how much more was read. Coverage is not to be traced."""
    read, first, before = 0, 0, gc.get_threshold()
    gc.collect()
    gc.freeze()  # what other tests left is not looked through, and puts no look at ours off
    gc.set_threshold(*_USUAL)
    tracemalloc.start()
    try:
        for size in sizes:
            read += size
            if not first and read >= early:
                first = tracemalloc.get_traced_memory()[1]
        return Peaks(read, first, tracemalloc.get_traced_memory()[1])
    finally:
        tracemalloc.stop()
        gc.set_threshold(*before)
