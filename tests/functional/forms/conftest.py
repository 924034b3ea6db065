"""A town whose tenants have web forms; Redis counts anew for each test."""

import uuid
from collections.abc import Iterator

import pytest
from redis import Redis

from tenants.tenants.create import create_tenant
from tests.databases import Databases
from tests.functional.console.town import Town
from tests.functional.forms.visitors import Visitor
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
def consultants(town: Town) -> uuid.UUID:
    """A tenant with both services that take inquiries."""
    return create_tenant(town.desk, name="Consultants AB", services=("C", "V"))


@pytest.fixture(autouse=True)
def fresh_counts(town: Town) -> None:
    """No test waits for another one's limits."""
    with Redis.from_url(town.house.installation.servers.redis_operator_url) as redis:
        redis.flushall()


@pytest.fixture
def visitor(town: Town) -> Visitor:
    """Somebody on the web."""
    return Visitor(town.app.test_client(use_cookies=False))
