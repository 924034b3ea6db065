"""The threads that run the application. None of them ever waits for who reads the answer."""

import asyncio
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, Final, TypeVar

from jobs.edge.limits import Limits
from jobs.edge.measures import WAITING
from jobs.edge.refusals import busy

T = TypeVar("T")
_SPARED: Final = frozenset({"/healthz"})
"""For these there is one more thread, so that a busy process is not taken for a dead one."""


class Threads:
    """Bounded, with a bounded wait. Its methods run in the loop's thread.

    A queue of our own, and no executor: its futures cost as much as all else of the edge.
    """

    def __init__(self, limits: Limits) -> None:
        self._wait = limits.wait
        self._free = asyncio.Semaphore(limits.threads)
        self._spare = asyncio.Semaphore(1)
        self._work: SimpleQueue[tuple[asyncio.Future[Any], Callable[[], Any]]] = SimpleQueue()
        for _ in range(limits.threads + 1):
            threading.Thread(target=self._serve, name="web", daemon=True).start()

    async def run(self, act: Callable[[], T], *, path: str = "") -> T:
        """What `act` returns, from a thread. Raises Refused when none is free in time."""
        chosen = self._free
        if chosen.locked() and path in _SPARED:
            chosen = self._spare
        if chosen.locked():
            await self._queue(chosen)
        else:
            await chosen.acquire()
        return await self._run(act, chosen)

    async def run_soon(self, act: Callable[[], T]) -> T:
        """As `run`, for work that has begun and must go on: the wait has no end."""
        await self._free.acquire()
        return await self._run(act, self._free)

    async def _run(self, act: Callable[[], T], taken: asyncio.Semaphore) -> T:
        """The place is free again when the thread is, even if nobody waits for it any more."""
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        done.add_done_callback(lambda _: taken.release())
        self._work.put((done, act))
        return await asyncio.shield(done)

    async def _queue(self, chosen: asyncio.Semaphore) -> None:
        with WAITING.track_inprogress():
            try:
                async with asyncio.timeout(self._wait):
                    await chosen.acquire()
            except TimeoutError:
                raise busy("no_thread") from None

    def _serve(self) -> None:
        while True:
            done, act = self._work.get()
            try:
                told, result = done.set_result, act()
            except Exception as error:  # noqa: BLE001 - it is raised where it is waited for
                told, result = done.set_exception, error
            except BaseException as error:  # noqa: BLE001 - a request cannot end the process
                told, result = done.set_exception, RuntimeError(type(error).__name__)
            done.get_loop().call_soon_threadsafe(told, result)
            del done, act, told, result
