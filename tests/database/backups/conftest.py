"""Fixtures of the archives' tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.database.backups.stations import Silta, Station
from tests.databases import Databases
from tests.servers import Servers


@pytest.fixture
def station(servers: Servers, databases: Databases, tmp_path: Path) -> Iterator[Station]:
    """An installation with a store, a recovery key and Alice."""
    with databases.one() as name:
        made = Station(servers, name, tmp_path)
        yield made
        made.close()


@pytest.fixture
def silta(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Silta:
    """The command."""
    return Silta(monkeypatch, capsys)
