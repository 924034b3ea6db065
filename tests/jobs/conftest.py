"""An empty Redis for each test."""

from collections.abc import Iterator
from typing import Any

import pytest
from redis import Redis

from tests.jobs.nursery import nursery
from tests.servers import Servers


@pytest.fixture
def redis(servers: Servers) -> Iterator[Any]:
    """The tests' Redis, emptied, as a user that may do everything.

    Untyped: redis-py says of each answer that it could be awaited.
    """
    with Redis.from_url(servers.redis_operator_url) as client:
        client.flushall()
        yield client


@pytest.fixture(scope="session", autouse=True)
def _nursery_ends() -> Iterator[None]:
    yield
    if nursery.cache_info().currsize:
        nursery().close()
