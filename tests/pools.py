"""Connections that outlive a test: what PostgreSQL and SQLAlchemy learn once, nobody learns anew.

A backend's first look at a table costs it ten milliseconds, and an engine compiles every statement
that it has not seen. A test gets engines of its own, but behind them are the connections and the
compiled statements of the tests before; when it ends, its engines lead nowhere any more, so that
nothing that it left running reaches the next one.
"""

import contextlib
import os
from collections import defaultdict
from typing import Any, Final, NoReturn, cast

import psycopg
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.pool import ConnectionPoolEntry, NullPool, QueuePool

import jobs.installation
import privacy.core.db.engine
from privacy.core.db.engine import MOST, POOLED, make_engine
from privacy.core.db.liveness import check_liveness

_Key = tuple[str, int, int]
_SUPERUSERS: Final = (2, 50)


class Pools:
    """The kept pools of one process, by address and size, and the engines lent to its tests."""

    def __init__(self) -> None:
        self._process = os.getpid()
        self._kept: dict[_Key, Engine] = {}
        self._lent: defaultdict[str, list[Engine]] = defaultdict(list)
        self._backends: dict[int, str] = {}

    def lend(self, url: str, *, pooled: int = POOLED, most: int = MOST) -> Engine:
        """An engine of its own over kept connections. A forked process gets real ones."""
        if os.getpid() != self._process:
            return make_engine(url, pooled=pooled, most=most)
        return self._lend((url, pooled, most))

    def superuser(self, url: str) -> Engine:
        """The same for the superuser, whose sessions begin anew each time: tests change them."""
        if os.getpid() != self._process:
            return create_engine(url, poolclass=NullPool)
        return self._lend((url, *_SUPERUSERS))

    def end(self, database: str) -> bool:
        """Let the engines lent for `database` lead nowhere; whether every connection is back."""
        kept = [engine.pool for engine in self._of(database).values()]
        for engine in self._lent.pop(database, []):
            if (
                engine.pool not in kept
            ):  # its test disposed of it, and went on with a pool of its own
                engine.pool.dispose()
            engine.pool = NullPool(_refuse)
        return not any(cast(QueuePool, pool).checkedout() for pool in kept)

    def backends(self, database: str) -> list[int]:
        """The servers' processes that wait for the next test with `database`."""
        return [pid for pid, name in self._backends.items() if name == database]

    def forget(self, database: str) -> None:
        """Close every connection to `database`."""
        for key, engine in self._of(database).items():
            engine.dispose()
            del self._kept[key]

    def close(self) -> None:
        """Close every connection."""
        for engine in self._kept.values():
            engine.dispose()
        self._kept.clear()

    def _of(self, database: str) -> dict[_Key, Engine]:
        return {key: one for key, one in self._kept.items() if one.url.database == database}

    def _lend(self, key: _Key) -> Engine:
        if key not in self._kept:
            self._kept[key] = self._make(*key)
        kept = self._kept[key]
        lent = Engine(kept.pool, kept.dialect, kept.url, hide_parameters=True)
        lent._compiled_cache = kept._compiled_cache
        self._lent[str(kept.url.database)].append(lent)
        return lent

    def _make(self, url: str, pooled: int, most: int) -> Engine:
        special = (pooled, most) == _SUPERUSERS
        engine = _superuser(url) if special else make_engine(url, pooled=pooled, most=most)
        event.listen(engine, "connect", self._noted)
        event.listen(engine, "close", self._gone)
        return engine

    def _noted(self, driver: psycopg.Connection[Any], _: object) -> None:
        self._backends[driver.info.backend_pid] = driver.info.dbname

    def _gone(self, driver: psycopg.Connection[Any], _: object) -> None:
        with contextlib.suppress(psycopg.Error):
            self._backends.pop(driver.info.backend_pid, None)


def keep_connections() -> Pools:
    """From now on, the installations of this process's tests share what these pools keep."""
    for module in (privacy.core.db.engine, jobs.installation):
        module.make_engine = POOLS.lend  # type: ignore[attr-defined]
    return POOLS


def _superuser(url: str) -> Engine:
    size, more = _SUPERUSERS
    nothing_prepared = {"prepare_threshold": None}
    engine = create_engine(url, pool_size=size, max_overflow=more, connect_args=nothing_prepared)
    event.listen(engine, "checkin", _begin_anew)
    check_liveness(engine)
    return engine


def _begin_anew(driver: psycopg.Connection[Any] | None, _: ConnectionPoolEntry) -> None:
    """Forget roles, settings and locks of the session."""
    if driver is not None and not driver.closed:
        with contextlib.suppress(psycopg.Error):
            driver.autocommit = True
            driver.execute("DISCARD ALL")
            driver.autocommit = False


def _refuse() -> NoReturn:
    raise RuntimeError("the test that this engine was for is over")


POOLS: Final = Pools()
