"""An empty Redis for each test."""

from collections.abc import Iterator

import pytest
from redis import Redis

from tests.servers import Servers


@pytest.fixture
def redis(servers: Servers) -> Iterator[Redis]:
    """The tests' Redis, emptied, as a user that may do everything."""
    with Redis.from_url(servers.redis_operator_url) as client:
        client.flushall()
        yield client
