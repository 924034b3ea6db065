"""The servers that tests run against: a PostgreSQL and a Redis for each pytest process."""

import contextlib
import fcntl
import os
import secrets
import shutil
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil
import psycopg
from psycopg import sql

from jobs.embedded.postgres import SUPERUSER, EmbeddedPostgres
from jobs.embedded.redis import EmbeddedRedis
from jobs.embedded.roles import DATABASE, ROLES, create_roles, ensure_database, libpq_url

_PREFIX = "silta-test-"
_FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "128MB",
    "max_connections": "200",
    "max_wal_size": "256MB",
    # A test connects some ten times, and each time the password is hashed as often as this says.
    "scram_iterations": "1",
    "autovacuum": "off",
    # A database that moves is replicated.
    "wal_level": "logical",
}
_ENOUGH = 4 * 2**30
"""Bytes of memory that must be free for tests to write there."""


class Servers:
    """Both servers with roles and an empty database `silta`, in a temporary folder that goes too.

    Under pytest-xdist each worker makes its own: a start takes a second and nothing is shared.
    Enter it in the main thread (a session-scoped fixture does).
    """

    def __init__(self) -> None:
        sweep_left_folders()
        self.folder = temporary_folder()
        self._held = (self.folder / "held").open("w")
        fcntl.flock(self._held, fcntl.LOCK_EX)
        self.postgres = EmbeddedPostgres(self.folder / "postgres", settings=_FAST)
        self.redis = EmbeddedRedis(self.folder / "redis", operator=True)

    def start(self) -> None:
        """Start both and make the roles."""
        try:
            self.postgres.start()
            self.redis.start()
            passwords = {role: self.postgres.password_of(role) for role in ROLES}
            create_roles(self.postgres.admin_url, passwords)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop both and remove their folder."""
        self.redis.stop()
        self.postgres.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
        self._held.close()

    def url(self, role: str, database: str = DATABASE) -> str:
        """Return the SQLAlchemy URL of `role` (`silta_app`, …; `postgres` for the superuser)."""
        return self.postgres.url(role, database)

    def admin_url(self, database: str = DATABASE) -> str:
        """Return the superuser's URL, for looking at what the roles may not see."""
        return self.url(SUPERUSER, database)

    @property
    def redis_url(self) -> str:
        """URL of the application's Redis user."""
        return self.redis.url

    @property
    def redis_operator_url(self) -> str:
        """URL of a Redis user that may flush, save and stop."""
        return self.redis.operator_url

    def create_database(self, template: str = "template0", *, name: str | None = None) -> str:
        """Make a database from `template` (one nobody is connected to) and return its name."""
        name = name or f"test_{secrets.token_hex(6)}"
        with psycopg.connect(libpq_url(self.admin_url("postgres")), autocommit=True) as connection:
            ensure_database(connection, name, template=template)
        return name

    def send_away(self, name: str) -> None:
        """End every connection to a database: it can then be copied."""
        ended = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s"
        with psycopg.connect(libpq_url(self.admin_url("postgres")), autocommit=True) as connection:
            connection.execute(ended, [name])

    def drop_database(self, name: str) -> None:
        """Remove a database, whoever is still connected to it."""
        with psycopg.connect(libpq_url(self.admin_url("postgres")), autocommit=True) as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def temporary_folder() -> Path:
    """Make a short-named temporary folder that the servers' user may pass through."""
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    folder.chmod(0o711)
    return folder


def memory_folder() -> Path | None:
    """The folder that is kept in memory, if this machine has one and memory to spare."""
    folder = Path("/dev/shm")  # noqa: S108
    if not os.access(folder, os.W_OK | os.X_OK):
        return None
    free = min(shutil.disk_usage(folder).free, psutil.virtual_memory().available)
    return folder if free >= _ENOUGH else None


def sweep_left_folders() -> None:
    """Remove folders of test runs that were killed; a living run holds a lock on its own."""
    for left in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*/held"):
        with contextlib.suppress(OSError), left.open() as held:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(left.parent, ignore_errors=True)
