"""Fixtures that every kind of test shares: real servers, and a migrated database for each test."""

import jobs.early  # noqa: F401  # isort: skip

import contextlib
import gc
import logging
import os
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
import structlog
from coverage import Coverage
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from connector.http.intake import strangers
from connector.http.rates.counters import MemoryCounter
from migrations.run import migrate
from privacy.retention.partitions import ensure_partitions
from tests.compiled import compile_once
from tests.databases import Databases
from tests.installations import Installation, make_installation
from tests.pools import keep_connections
from tests.servers import Servers, memory_folder
from tests.tenancies import House

LONGEST = (
    "tests/scenarios/",
    "tests/faults/",
    "tests/contract/",
    "tests/conformance/",
    "tests/isolation/walls/",
    "tests/jobs/",
    "tests/migrations/",
    "tests/functional/",
)
"""Folders whose files take longest, the longest first."""

UNCOUNTED = (
    "tests/architecture/",
    "tests/conformance/",
    "tests/contract/",
    "tests/database/outbox/test_histories.py",
    "tests/database/subjects/test_rights.py",
    "tests/database/vault/test_epochs.py",
    "tests/faults/",
    "tests/functional/api/test_exchanges.py",
    "tests/functional/marketplace/test_description.py",
    "tests/functional/microsoft/test_engine.py",
    "tests/functional/microsoft/test_faults.py",
    "tests/functional/netvisor/test_faults.py",
    "tests/functional/outbound/test_attack_47.py",
    "tests/functional/syncs/test_many.py",
    "tests/functional/syncs/test_removals.py",
    "tests/functional/syncs/test_runs.py",
    "tests/isolation/",
    "tests/migrations/",
    "tests/scenarios/",
    "tests/unit/calls/test_bodies.py",
    "tests/unit/netvisor/test_attack_48.py",
)
"""What runs here others run as well, and what runs here alone does not count as covered.

Tracing takes as long as these tests do. All of them together cover half a hundredth of the product
more than is counted, so that the floor is held by tests that look at what they run.
"""


def pytest_configure(config: pytest.Config) -> None:
    """Keep what tests write in memory, if there is enough: databases are slow to make on disks."""
    memory = memory_folder()
    if memory is not None and "TMPDIR" not in os.environ:
        os.environ["TMPDIR"] = str(memory)
        tempfile.tempdir = None
    compile_once()
    keep_connections()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()


def pytest_collection_finish(session: pytest.Session) -> None:
    """What was imported stays: to look through it for garbage takes a tenth of all time."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """A real PostgreSQL and a real Redis, for this pytest process."""
    with Servers() as running:
        yield running


@pytest.fixture(scope="session")
def migrated(servers: Servers) -> str:
    """A migrated, empty database to copy from; nobody stays connected to it."""
    name = servers.create_database()
    engine = create_engine(servers.url("silta_owner", name), poolclass=NullPool)
    migrate(engine)
    ensure_partitions(engine, keep_days=30)
    engine.dispose()
    return name


@pytest.fixture(scope="session")
def databases(servers: Servers, migrated: str) -> Iterator[Databases]:
    """Copies of the migrated database, for one holder at a time."""
    with contextlib.closing(Databases(servers, migrated)) as copies:
        yield copies


@pytest.fixture
def installation(servers: Servers, databases: Databases, tmp_path: Path) -> Iterator[Installation]:
    """An installation of this test's own: what it commits, nobody else sees."""
    with databases.one() as name:
        made = make_installation(servers, name, tmp_path)
        yield made


@pytest.fixture(autouse=True)
def _fresh_strangers(monkeypatch: pytest.MonkeyPatch) -> None:
    """What one test guesses at does not count against the next: all ask from one address."""
    monkeypatch.setattr(strangers, "_tries", MemoryCounter())


@pytest.fixture(autouse=True)
def _logs_as_they_were() -> Iterator[None]:
    """A test that sets logs up writes to where pytest listens, and only as long as it runs."""
    kept, root = structlog.get_config(), logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    structlog.configure(**kept)
    root.handlers, root.level = handlers, level


@pytest.fixture
def house(installation: Installation) -> House:
    """A founded installation with tenants made as they are asked for."""
    return House(installation)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first: no process is then left with one of them while the other idles."""
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    found = (turn for turn, folder in enumerate(LONGEST) if item.nodeid.startswith(folder))
    return next(found, len(LONGEST))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Trace nothing while a test runs that does not count, its fixtures included."""
    coverage = Coverage.current() if item.nodeid.startswith(UNCOUNTED) else None
    if coverage is None:
        return (yield)
    coverage.stop()
    try:
        return (yield)
    finally:
        coverage.start()
