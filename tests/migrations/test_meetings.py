"""Migrations that meet each other, or the traffic."""

import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from migrations.run import current, head, migrate
from privacy.core.db.locks import AdvisoryLock
from tests.architecture.sources import ROOT
from tests.migrations.revisions import REVISIONS
from tests.servers import Servers


@pytest.fixture
def engine(servers: Servers) -> Iterator[Engine]:
    """The owner's engine on an empty database."""
    name = servers.create_database()
    yield create_engine(servers.url("silta_owner", name), poolclass=NullPool)
    servers.drop_database(name)


_HELD = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
_PROGRAM = """
import sys
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool
from migrations.run import migrate
engine = create_engine(sys.stdin.readline().strip(), poolclass=NullPool)
print("ready", flush=True)
sys.stdin.readline()
migrate(engine)
"""


def test_two_that_start_together_make_one_schema(engine: Engine) -> None:
    """Two hosts of an installation, both told to migrate: processes, as Alembic is no thread's."""
    hosts = [
        subprocess.Popen(
            [sys.executable, "-c", _PROGRAM],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    url = engine.url.render_as_string(hide_password=False)
    for host in hosts:
        assert host.stdin is not None
        print(url, file=host.stdin, flush=True)
    for host in hosts:
        assert host.stdout is not None
        assert host.stdout.readline() == "ready\n"
    for host in hosts:
        assert host.stdin is not None
        print(file=host.stdin, flush=True)
    for host in hosts:
        _, errors = host.communicate(timeout=60)
        assert host.returncode == 0, errors
    assert current(engine) == head()


def test_waiting_for_another_migration_takes_as_long_as_it_takes(engine: Engine) -> None:
    """The short lock timeout is for tables in use, not for a sibling at work."""
    with engine.connect() as busy:
        busy.execute(text("SELECT pg_advisory_lock(:l)"), {"l": int(AdvisoryLock.MIGRATION)})
        busy.commit()
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(migrate, engine, revision=REVISIONS[0])
            time.sleep(4.5)
            assert not waiting.done()
            busy.execute(text("SELECT pg_advisory_unlock_all()"))
            busy.commit()
            waiting.result(30)
    assert current(engine) == REVISIONS[0]


def test_a_table_in_use_is_not_waited_for(engine: Engine) -> None:
    """Behind a waiting DDL statement all traffic would queue: give up soon, change nothing."""
    migrate(engine)
    with engine.connect() as traffic:
        traffic.execute(text("SELECT count(*) FROM heartbeats"))
        began = time.monotonic()
        with pytest.raises(OperationalError, match="lock timeout"):
            migrate(engine, revision="base")
        assert 3 < time.monotonic() - began < 30
    assert current(engine) == REVISIONS[0]
    migrate(engine, revision="base")
    assert current(engine) is None


def test_nothing_of_it_stays_with_the_connection(servers: Servers) -> None:
    """The owner's engine is used again, by what makes partitions: no lock, no short timeout."""
    name = servers.create_database()
    pooled = create_engine(servers.url("silta_owner", name), pool_size=1, max_overflow=0)
    migrate(pooled, revision=REVISIONS[0])
    with pooled.connect() as connection:
        shown = [
            connection.execute(text(f"SHOW {setting}")).scalar_one()
            for setting in ("lock_timeout", "statement_timeout")
        ]
        held = connection.execute(text(_HELD)).scalar_one()
    pooled.dispose()
    servers.drop_database(name)
    assert (shown, held) == (["0", "0"], 0)
