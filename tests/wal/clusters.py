"""Debian's own PostgreSQL and pgBackRest, which support each other; the wheel's is too new."""

import os
import shutil
import subprocess
from pathlib import Path

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

from jobs.embedded.children import wait_until
from jobs.embedded.postgres import SUPERUSER, EmbeddedPostgres
from tests.servers import Servers

_HOME = Path("/usr/lib/postgresql")
CONF = "silta-wal.conf"
"""What an operator has in the server's conf.d."""
_ARCHIVED = text(
    "SELECT last_archived_wal >= :name FROM pg_stat_archiver WHERE last_archived_wal IS NOT NULL"
)


def debian_programs() -> Path | None:
    """The folder of the newest server among Debian's packages, where pgBackRest is there too."""
    found = [path.parent for path in _HOME.glob("*/bin/postgres")]
    if not found or shutil.which("pgbackrest") is None:
        return None
    return max(found, key=lambda folder: int(folder.parent.name))


class Cluster:
    """A server that is archived, killed, deleted and restored; `servers` is how tests know it."""

    def __init__(self) -> None:
        self.servers = Servers()
        self.folder = self.servers.folder
        self.postgres = self.servers.postgres = EmbeddedPostgres(
            self.folder / "postgres", settings={"shared_buffers": "64MB", "fsync": "off"}
        )
        self.config = self.folder / "postgres" / "pgbackrest.conf"
        self.repository, self.locks = self.folder / "repository", self.folder / "locks"

    def start(self) -> None:
        """The server, with a conf.d of one file."""
        self.servers.start()
        with (self.data / "postgresql.conf").open("a") as file:
            file.write(f"include_if_exists = '{CONF}'\n")
        user = self.postgres._user
        for place in (self.repository, self.locks):
            place.mkdir(mode=0o750)
            user.own(place)

    @property
    def data(self) -> Path:
        return self.postgres.data

    @property
    def sockets(self) -> Path:
        return self.postgres._sockets

    @property
    def owner(self) -> str:
        """The server's user."""
        return self.data.owner()

    def restart(self) -> None:
        """As after a change of archive_mode."""
        self.postgres.stop()
        self.postgres.start()

    def lose(self) -> None:
        """SIGKILL, and the disk is gone."""
        self.postgres.kill()
        shutil.rmtree(self.data)

    def come_back(self, *words: str) -> None:
        """`pgbackrest restore`, and the server when it has recovered."""
        user = self.postgres._user
        self.data.mkdir(mode=0o700)
        user.own(self.data)
        self.backrest("restore", *words)
        if "--type=none" in words:
            (self.data / "recovery.signal").unlink(missing_ok=True)
        self.postgres.start()
        with self._asking() as connection:
            assert wait_until(
                lambda: not connection.execute(text("SELECT pg_is_in_recovery()")).scalar_one(),
                timeout=60,
            )

    def switch(self) -> None:
        """What archive_timeout does after a minute."""
        with self._asking() as connection:
            connection.execute(text("SELECT pg_switch_wal()"))

    def hand_over(self) -> None:
        """The same; returns when the segment is archived."""
        with self._asking() as connection:
            name = text("SELECT pg_walfile_name(pg_current_wal_lsn())")
            last = {"name": connection.execute(name).scalar_one()}
            connection.execute(text("SELECT pg_switch_wal()"))
            assert wait_until(
                lambda: bool(connection.execute(_ARCHIVED, last).scalar()), timeout=30
            )

    def _asking(self) -> Connection:
        """As the superuser; a transaction would see the same statistics for ever."""
        url = self.servers.admin_url("postgres")
        return create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT").connect()

    def backrest(self, *words: str) -> str:
        """`pgbackrest …` as the server's user; what it says when it fails, the test shows."""
        user = self.postgres._user
        done = subprocess.run(
            ["pgbackrest", f"--config={self.config}", "--stanza=silta", *words],
            env=self.environment | {"PGPASSWORD": self.postgres.password_of(SUPERUSER)},
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
            user=user.uid if user.dropped else None,
            group=user.gid if user.dropped else None,
            extra_groups=[] if user.dropped else None,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    @property
    def environment(self) -> dict[str, str]:
        """Debian's folders belong to Debian's user; on an operator's server none of this is set."""
        return {
            "PATH": os.environ["PATH"],
            "PGBACKREST_LOCK_PATH": str(self.locks),
            "PGBACKREST_SPOOL_PATH": str(self.locks),
            "PGBACKREST_PG1_USER": SUPERUSER,
        }
