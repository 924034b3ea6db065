"""Processor time, which says more than a clock does while other programs run."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import psutil

from bench.sites import Site


@dataclass(frozen=True, slots=True)
class Cost:
    """Microseconds a record: of this process, and of PostgreSQL."""

    ours: float
    database: float

    def __str__(self) -> str:
        return f"{self.ours:.1f} + {self.database:.1f} µs"


def cost(site: Site, block: Callable[[], object], *, records: int) -> Cost:
    """What `block` costs for each of its records (Python + PostgreSQL)."""
    database, ours = spent_by(site), time.process_time()
    block()
    ours = time.process_time() - ours
    return Cost(ours / records * 1e6, (spent_by(site) - database) / records * 1e6)


def spent_by(site: Site) -> float:
    """Seconds of PostgreSQL's so far. Backends live as long as their connections, so that none is
    missed."""
    process = psutil.Process(site.postgres.process_id)
    times = [each.cpu_times() for each in (process, *process.children(recursive=True))]
    return sum(each.user + each.system for each in times)
