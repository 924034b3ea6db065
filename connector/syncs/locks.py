"""Locks of one account over all processes: they live as long as their connection, so a killed
process leaves none behind. Two ids may share one; then one waits for the other for nothing."""

import uuid
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from time import sleep
from typing import Final

from sqlalchemy import Connection, Engine, text

from connector.outbound.failures import TransientFailure
from privacy.core.clock import monotonic
from privacy.core.db.locks import AdvisoryLock

_TRY = text("SELECT pg_try_advisory_lock(:lock, :part)")
_GIVE_BACK = text("SELECT pg_advisory_unlock(:lock, :part)")
# A holder whose host vanished says no goodbye: the server finds out within half a minute.
_KEEP_ALIVE = text(
    "SELECT set_config('tcp_keepalives_idle', '10', false), "
    "set_config('tcp_keepalives_interval', '5', false), "
    "set_config('tcp_keepalives_count', '3', false)"
)
_SHORTEST: Final = 0.02
_LONGEST: Final = 0.5


class Busy(TransientFailure):
    """Somebody else talks to this system just now."""

    code = "account_busy"
    message = "Another task of ours is talking to this system. We will try again."


@contextmanager
def locked(
    engine: Engine, lock: AdvisoryLock, of: uuid.UUID, *, seconds: float = 0.0
) -> Iterator[None]:
    """Hold `lock` of an id, on a connection of its own. Not reentrant.

    Args:
        seconds: how long to wait for it.

    Raises:
        Busy: it was not to be had.
    """
    key = {"lock": int(lock), "part": _part(of)}
    with engine.connect() as pooled:
        connection = pooled.execution_options(isolation_level="AUTOCOMMIT")
        connection.execute(_KEEP_ALIVE)
        if not _take(connection, key, monotonic() + seconds):
            raise Busy(log=lock.name.lower())
        try:
            yield
        finally:
            _give_back(connection, key)


def _take(connection: Connection, key: dict[str, int], ends_at: float) -> bool:
    pause = _SHORTEST
    while not connection.execute(_TRY, key).scalar_one():
        if monotonic() + pause > ends_at:
            return False
        sleep(pause)
        pause = min(pause * 2, _LONGEST)
    return True


def _give_back(connection: Connection, key: dict[str, int]) -> None:
    """A session that cannot say so ends, and its lock with it: the pool must not lend it on."""
    given = False
    try:
        given = bool(connection.execute(_GIVE_BACK, key).scalar_one())
    finally:
        if not given:
            connection.invalidate()


def _part(of: uuid.UUID) -> int:
    return zlib.crc32(of.bytes) - 2**31
