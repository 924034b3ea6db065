"""Whether a pooled connection still lives: asked only where there is reason for doubt.

Asking at each checkout is one more round trip for every transaction, a tenth of what a single post
costs. A server that ended, or ended this connection, has said so on the socket, and seeing that
costs no round trip; only one that vanished without a word (a host that is gone) is found by asking.
"""

import select
from typing import Any, Final

import psycopg
from sqlalchemy import Engine, event
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from privacy.core import clock

RESTED_SECONDS: Final = 15.0
"""After so long in the pool a connection is asked, whatever its socket says."""
_RESTING: Final = "resting_since"


def check_liveness(engine: Engine) -> None:
    """Replace each dead connection that `engine`'s pool would hand out, and all older ones."""

    @event.listens_for(engine, "checkin")
    def _rest(_: Any, entry: ConnectionPoolEntry) -> None:
        entry.info[_RESTING] = clock.monotonic()

    @event.listens_for(engine, "checkout")
    def _rise(driver: Any, entry: ConnectionPoolEntry, _: PoolProxiedConnection) -> None:
        since = entry.info.get(_RESTING)
        if since is None:
            return  # made this moment
        doubtful = clock.monotonic() - since > RESTED_SECONDS or _has_something_to_say(driver)
        if doubtful and not _answers(driver):
            raise InvalidatePoolError


def _has_something_to_say(driver: psycopg.Connection[Any]) -> bool:
    """A server is silent unless asked; what waits here is an end, or a notice of one."""
    if driver.closed:
        return True
    poll = select.poll()
    poll.register(driver.fileno(), select.POLLIN)
    return bool(poll.poll(0))


def _answers(driver: psycopg.Connection[Any]) -> bool:
    try:
        driver.execute("")
        driver.rollback()
    except psycopg.Error:
        return False
    return True
