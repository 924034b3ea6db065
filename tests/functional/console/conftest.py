"""A town for each module: what its tests add, they look for by name."""

from collections.abc import Iterator

import pytest

from tests.databases import Databases
from tests.functional.console.town import Town
from tests.installations import make_installation
from tests.servers import Servers
from tests.tenancies import House


@pytest.fixture(scope="module")
def town(
    servers: Servers, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Town]:
    """A whole installation with people."""
    with databases.one() as name:
        installation = make_installation(servers, name, tmp_path_factory.mktemp("town"))
        yield Town(House(installation))
