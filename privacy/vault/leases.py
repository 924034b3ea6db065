"""Leases of seals: how often a key has sealed is written down before it happens (ATTACK 1)."""

from collections.abc import Callable
from threading import Lock
from typing import Protocol

LIMIT = 2**31
"""Seals of one key. With 96-bit random nonces a repetition stays below 2^-34."""

SMALLEST, LARGEST, GROWTH = 2**12, 2**20, 8


class Lease(Protocol):
    """What a key asks before it seals."""

    def take(self, count: int) -> None:
        """Use `count` seals up.

        Raises:
            SealLimit: the key has none left.
        """


class SealLease:
    """Seals that this process may still do with one key.

    `persist(count)` must write `count` more down, durably, or raise SealLimit. What a process
    that ends has left over is lost, so leases begin small (a key of years survives hundreds of
    thousands of restarts) and grow with use (the bulk path asks seldom).
    """

    def __init__(self, persist: Callable[[int], None]) -> None:
        self._persist = persist
        self._left = 0
        self._next = SMALLEST
        self._lock = Lock()

    def take(self, count: int) -> None:
        """See Lease."""
        with self._lock:
            if self._left < count:
                self._extend(count - self._left)
            self._left -= count

    def _extend(self, missing: int) -> None:
        size = max(self._next, missing)
        self._persist(size)
        self._left += size
        self._next = min(self._next * GROWTH, LARGEST)
