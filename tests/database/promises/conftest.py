"""One installation for all: what a test breaks is rolled back."""

from collections.abc import Iterator

import pytest

from tests.database.promises.trials import Trial
from tests.functional.console.town import Town
from tests.installations import make_installation
from tests.isolation.walls.world import World
from tests.servers import Servers
from tests.tenancies import House


@pytest.fixture(scope="module")
def world(
    servers: Servers, migrated: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """Alice with one of everything."""
    name = servers.create_database(migrated)
    made = make_installation(servers, name, tmp_path_factory.mktemp("promises"))
    yield World(Town(House(made)))
    made.engines.dispose()
    servers.drop_database(name)


@pytest.fixture
def trial(world: World) -> Iterator[Trial]:
    """A transaction past every wall; rolled back, whatever was broken in it."""
    with world.installation.superuser().connect() as connection:
        yield Trial(world, connection)
        connection.rollback()
