"""One installation for all of these tests, and a tenant of its own for each."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from privacy.core.db.tenancy import INSTALLATION_ID
from tests.database.subjects.people import Rights, fill_every_room
from tests.databases import Databases
from tests.installations import make_installation
from tests.servers import Servers
from tests.tenancies import House, Tenancy


@pytest.fixture(scope="package")
def house(
    servers: Servers, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """An installation that many tenants live in."""
    with databases.one() as name:
        made = make_installation(servers, name, tmp_path_factory.mktemp("exports"))
        yield House(made)


def _listed(house: House) -> Tenancy:
    made = Rights(house, house.tenant()).tenant
    with house.installation.superuser().begin() as connection:
        row = "INSERT INTO tenant_directory VALUES (CAST(:i AS uuid), CAST(:t AS uuid), now())"
        connection.execute(text(row), {"i": str(INSTALLATION_ID), "t": str(made.id)})
    return made


@pytest.fixture
def empty(house: House) -> Tenancy:
    """A tenant with a name, in the installation's list, that has nothing yet."""
    return _listed(house)


@pytest.fixture
def other(house: House) -> Tenancy:
    """Another one."""
    return _listed(house)


@pytest.fixture
def tenant(empty: Tenancy) -> Tenancy:
    """With something in every room."""
    fill_every_room(empty)
    return empty
