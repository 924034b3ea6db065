"""A town with a hosting seller who takes registrations."""

import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
from redis import Redis

from connector.inquiries.robots import judge
from tenants.tenants.create import create_tenant
from tests.databases import Databases
from tests.functional.console.town import Town
from tests.functional.portal.people import Visitor, new_registration_form
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


@pytest.fixture(scope="module")
def sellers(town: Town) -> uuid.UUID:
    """Sells hosting and domains."""
    return create_tenant(town.desk, name="Hosting GmbH", services=("V",))


@pytest.fixture(autouse=True)
def _fresh(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SOONEST", "SOONEST_WITHOUT_PROOF"):
        monkeypatch.setattr(judge, name, timedelta())
    with Redis.from_url(town.house.installation.servers.redis_operator_url) as redis:
        redis.flushall()


@pytest.fixture
def visitor(town: Town, sellers: uuid.UUID) -> Visitor:
    """Somebody before a fresh registration form."""
    return Visitor(town, sellers, new_registration_form(town, sellers))
