"""What stands in Redis is declared, and is nobody's (ATTACK 52)."""

from collections.abc import Iterator
from fnmatch import fnmatchcase

import pytest
from redis import Redis

from connector.http.rates import counters
from jobs import queues
from jobs.queues import push_bells
from privacy.core.outbox.names import Queue
from privacy.core.outbox.rings import Ring
from tenants.http import rates
from tests.isolation.walls.lives.programs import header_of
from tests.isolation.walls.world import World

DECLARED = {**queues.REDIS_KEYS, **counters.REDIS_KEYS, **rates.REDIS_KEYS}


@pytest.fixture
def redis(world: World) -> Iterator[Redis]:
    with Redis.from_url(world.installation.servers.redis_operator_url) as client:
        client.flushall()
        yield client


@pytest.mark.attack(52)
def test_every_key_is_declared_and_names_nobody(world: World, redis: Redis) -> None:
    world.browser.get("/overview")
    world.town.browser().get("/sign-in")
    world.client.get("/api/v1/accounts", headers=header_of(world.key))
    world.client.post(f"/in/{world.account.secret}", data=b"{}")
    push_bells(redis, [Ring(world.ids["job_id"], 0, Queue.DEFAULT.value)])
    keys = [bytes(key).decode() for key in redis.scan_iter("*")]
    undeclared = [key for key in keys if not any(fnmatchcase(key, known) for known in DECLARED)]
    assert undeclared == []
    used = {known for known in DECLARED for key in keys if fnmatchcase(key, known)}
    assert {*counters.REDIS_KEYS, *rates.REDIS_KEYS, "rq:queue:*"} <= used
    nobodys = ("127.0.0.1", world.town.alice.email, str(world.town.alice.id), "@", world.key.text)
    for key in keys:
        assert not [one for one in nobodys if one in key], key


def test_every_declaration_says_what_it_holds() -> None:
    assert all(len(words) > 10 for words in DECLARED.values())
