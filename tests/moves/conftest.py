"""Fixtures of moves."""

import shutil
from collections.abc import Iterator

import pytest

from jobs.embedded.postgres import EmbeddedPostgres
from tests.databases import Databases
from tests.functional.console.town import Town
from tests.installations import make_installation
from tests.moves.commands import Silta
from tests.moves.moving_houses import Moving, second_server
from tests.servers import Servers, temporary_folder
from tests.tenancies import House


@pytest.fixture(scope="module")
def second() -> Iterator[EmbeddedPostgres]:
    """The new server."""
    folder = temporary_folder()
    server = second_server(folder)
    yield server
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def silta(
    moving: Moving, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Silta:
    """The command, on the old side."""
    return Silta(moving, monkeypatch, capsys)


@pytest.fixture(scope="module")
def moving(
    servers: Servers,
    databases: Databases,
    second: EmbeddedPostgres,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Moving]:
    """A town that moves."""
    with databases.one() as name:
        installation = make_installation(servers, name, tmp_path_factory.mktemp("town"))
        made = Moving(Town(House(installation)), second)
        yield made
        made.go_home()
        installation.engines.dispose()
