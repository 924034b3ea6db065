"""One installation for the whole matrix: each cell has a tenant of its own."""

from collections.abc import Iterator

import pytest

from tests.databases import Databases
from tests.installations import make_installation
from tests.servers import Servers
from tests.tenancies import House


@pytest.fixture(scope="module")
def shared(
    servers: Servers, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """A founded installation that lives as long as the module's tests."""
    with databases.one() as name:
        made = make_installation(servers, name, tmp_path_factory.mktemp("matrix"))
        yield House(made)
