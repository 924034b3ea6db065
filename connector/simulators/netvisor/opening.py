"""A simulator from a few numbers."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from connector.simulators.netvisor.desk import Desk
from connector.simulators.netvisor.gate import Gate
from connector.simulators.netvisor.keys import Keys
from connector.simulators.netvisor.seeds import seeded
from privacy.core import clock


def open_desk(
    *,
    seed: int = 1,
    customers: int = 50,
    zone: str = "Europe/Helsinki",
    alone: bool = True,
    now: Callable[[], datetime] = clock.now,
) -> Desk:
    """A desk with seeded books and keys."""
    keys = Keys.of(seed)
    books = seeded(seed, customers=customers, now=now())
    return Desk(books, keys, Gate(keys), now, ZoneInfo(zone), alone=alone)
