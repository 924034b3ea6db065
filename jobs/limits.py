"""The limits of one run: its time, and a lease that is kept while it works.

A task that takes too long, or whose lease somebody else holds, is interrupted where it stands.
The interruption is no Exception, so that no task swallows it.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import FrameType

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from privacy.core.clock import monotonic
from privacy.core.logs import get_log
from privacy.core.outbox.leases import Lease, keep_lease

_log = get_log("worker")


class Interrupted(BaseException):
    """A run was ended from outside. `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class LeaseKeeper(threading.Thread):
    """Extends a lease while its run works, and not longer than the run may take."""

    def __init__(self, engine: Engine, lease: Lease, *, lasts: timedelta, most: timedelta) -> None:
        super().__init__(name="lease", daemon=True)
        self.lost = False
        self._engine = engine
        self._lease = lease
        self._lasts = lasts
        self._end = monotonic() + most.total_seconds()
        self._over = threading.Event()
        self._runs_in_main_thread = _in_main_thread()

    def run(self) -> None:
        """Extend it every third of its length; a database away for a moment is tried again."""
        while not self._over.wait(self._lasts.total_seconds() / 3) and monotonic() < self._end:
            try:
                with self._engine.begin() as connection:
                    kept = keep_lease(connection, lease=self._lease, lasts=self._lasts)
            except SQLAlchemyError:
                _log.warning("lease not extended", job_id=self._lease.job_id)
                continue
            if not kept:
                self._interrupt()
                return

    def _interrupt(self) -> None:
        self.lost = True
        if self._runs_in_main_thread:
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGALRM)

    def stop(self) -> None:
        """The run is over."""
        self._over.set()
        self.join(timeout=5)


@contextmanager
def limited(
    engine: Engine, lease: Lease, *, lasts: timedelta, timeout: timedelta
) -> Iterator[None]:
    """Within, the lease is kept and the time is limited (in a process's main thread only).

    Raises:
        Interrupted: `timeout` or `lease_lost`.
    """
    keeper = LeaseKeeper(engine, lease, lasts=lasts, most=timeout + lasts)

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise Interrupted("lease_lost" if keeper.lost else "timeout")

    with _alarm(interrupt, timeout):
        keeper.start()
        try:
            yield
        finally:
            keeper.stop()


@contextmanager
def _alarm(handler: object, after: timedelta) -> Iterator[None]:
    if not _in_main_thread():
        yield
        return
    before = signal.signal(signal.SIGALRM, handler)  # type: ignore[arg-type]
    signal.setitimer(signal.ITIMER_REAL, after.total_seconds())
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _in_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()
