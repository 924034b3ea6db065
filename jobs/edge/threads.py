"""The threads that run the application. None of them ever waits for a slow client's answer."""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Final, TypeVar

from jobs.edge.limits import Limits
from jobs.edge.measures import WAITING
from jobs.edge.refusals import busy

T = TypeVar("T")
_SPARED: Final = frozenset({"/healthz"})
"""For these there is one more thread, so that a busy process is not taken for a dead one."""


class Threads:
    """Bounded, with a bounded wait."""

    def __init__(self, limits: Limits) -> None:
        self._wait = limits.wait
        self._free = asyncio.Semaphore(limits.threads)
        self._spare = asyncio.Semaphore(1)
        self._pool = ThreadPoolExecutor(limits.threads + 1, thread_name_prefix="web")

    async def run(self, act: Callable[[], T], *, path: str = "") -> T:
        """What `act` returns, from a thread. Raises Refused when none is free in time."""
        async with self._one(path):
            return await asyncio.get_running_loop().run_in_executor(self._pool, act)

    async def run_soon(self, act: Callable[[], T]) -> T:
        """As `run`, for work that has begun and must go on: the wait has no end."""
        async with self._free:
            return await asyncio.get_running_loop().run_in_executor(self._pool, act)

    @asynccontextmanager
    async def _one(self, path: str) -> AsyncIterator[None]:
        chosen = self._free
        if chosen.locked() and path in _SPARED:
            chosen = self._spare
        with WAITING.track_inprogress():
            try:
                async with asyncio.timeout(self._wait):
                    await chosen.acquire()
            except TimeoutError:
                raise busy("no_thread") from None
        try:
            yield
        finally:
            chosen.release()
