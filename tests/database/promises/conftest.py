"""One installation for all: what a test breaks is rolled back."""

from collections.abc import Iterator

import pytest

from tests.database.promises.trials import Trial
from tests.databases import Databases
from tests.functional.console.town import Town
from tests.installations import make_installation
from tests.isolation.walls.world import World
from tests.servers import Servers
from tests.tenancies import House


@pytest.fixture(scope="package")
def world(
    servers: Servers, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """Alice with one of everything."""
    with databases.one() as name:
        made = make_installation(servers, name, tmp_path_factory.mktemp("promises"))
        yield World(Town(House(made)))


@pytest.fixture
def trial(world: World) -> Iterator[Trial]:
    """A transaction past every wall; rolled back, whatever was broken in it."""
    with world.installation.superuser().connect() as connection:
        yield Trial(world, connection)
        connection.rollback()
