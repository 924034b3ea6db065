"""A server of Debian's, and an installation on it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from jobs.embedded import postgres
from jobs.embedded.roles import DATABASE
from migrations.run import migrate
from privacy.retention.partitions import ensure_partitions
from tests.database.backups.conftest import silta
from tests.database.backups.stations import Station
from tests.wal.clusters import Cluster, debian_programs

__all__ = ["silta"]


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    """A running server, with nothing archived yet."""
    programs = debian_programs()
    if programs is None:
        pytest.fail("PostgreSQL or pgBackRest is not installed: `make wal` installs both")
    monkeypatch.setattr(postgres, "postgres_programs", lambda _user: programs)
    made = Cluster()
    for name, value in made.environment.items():
        monkeypatch.setitem(os.environ, name, value)
    try:
        made.start()
        yield made
    finally:
        made.servers.stop()


@pytest.fixture
def station(cluster: Cluster, tmp_path: Path) -> Iterator[Station]:
    """An installation in a migrated database of that server."""
    engine = create_engine(cluster.servers.url("silta_owner"), poolclass=NullPool)
    migrate(engine)
    ensure_partitions(engine, keep_days=30)
    engine.dispose()
    made = Station(
        cluster.servers, DATABASE, tmp_path, wal_store=str(cluster.repository), env="development"
    )
    yield made
    made.close()
