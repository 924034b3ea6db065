"""A town with a marketplace that holds a key."""

from collections.abc import Iterator

import pytest

from tests.databases import Databases
from tests.functional.console.town import Town
from tests.functional.marketplace.markets import Market
from tests.installations import make_installation
from tests.servers import Servers
from tests.tenancies import House


@pytest.fixture(scope="module")
def market(
    servers: Servers, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Market]:
    """A whole installation with people, and a marketplace."""
    with databases.one() as name:
        installation = make_installation(servers, name, tmp_path_factory.mktemp("market"))
        yield Market(Town(House(installation)))
