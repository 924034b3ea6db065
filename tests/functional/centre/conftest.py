"""A town with a tenant that has all five services; counts begin anew with each test."""

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from redis import Redis

from connector.http.centre import robots
from connector.http.centre.keys import centre_key
from connector.inquiries.robots import judge
from tenants.tenants.create import create_tenant
from tests.functional.centre.readers import Reader
from tests.functional.console.conftest import town as town
from tests.functional.console.town import Town


@pytest.fixture(scope="module")
def tenant(town: Town) -> uuid.UUID:
    """A tenant with every service."""
    return create_tenant(town.desk, name="Fjord Oy", services=("C", "M", "N", "T", "V"))


@pytest.fixture(autouse=True)
def fresh_counts(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test waits for another one's limits, nor for a slow typist."""
    with Redis.from_url(town.house.installation.servers.redis_operator_url) as redis:
        redis.flushall()
    for name in ("SOONEST", "SOONEST_WITHOUT_PROOF"):
        monkeypatch.setattr(judge, name, timedelta())
    # Where Redis is slow to answer, this process counts by itself, over all tests.
    monkeypatch.setattr(robots, "UNPROVED", replace(robots.UNPROVED, quota=1000))


@pytest.fixture
def reader(town: Town, tenant: uuid.UUID) -> Reader:
    """Somebody on the web."""
    return Reader(town, tenant, f"/privacy/{centre_key(tenant)}")
