"""Fixtures of the walls: databases that a whole module tries to look over."""

from collections.abc import Iterator

import pytest

from tenants.http import rates
from tests.databases import Databases
from tests.functional.console.town import Town
from tests.installations import Installation, make_installation
from tests.isolation.walls.filled import Filled
from tests.isolation.walls.world import World
from tests.servers import Servers
from tests.tenancies import House


@pytest.fixture(scope="module")
def bare(
    servers: Servers, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    """An installation of this module's own."""
    with databases.one() as name:
        made = make_installation(servers, name, tmp_path_factory.mktemp("walls"))
        yield made


@pytest.fixture(scope="module")
def filled(bare: Installation) -> Filled:
    """A row of Alice's and one of Charlie's in every table."""
    return Filled(bare)


@pytest.fixture(scope="module")
def world(bare: Installation) -> Iterator[World]:
    """Alice with one of everything, and Charlie, whom no flood limit keeps from trying it all."""
    with pytest.MonkeyPatch.context() as patch:
        for limit in ("PEOPLE", "STRANGERS"):
            patch.setattr(rates, limit, "1000000 per minute")
        yield World(Town(House(bare)))
