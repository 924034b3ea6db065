"""Counting what happens in a window."""

from typing import NoReturn

import pytest
from redis import Redis
from redis.exceptions import ConnectionError as Away

from connector.http.rates.counters import TELL_SECONDS, MemoryCounter, RedisCounter
from connector.http.rates.policies import Policy, count
from privacy.core.errors import TooManyRequests
from privacy.core.ids import new_id
from tests.servers import Servers

POLICY = Policy("test", 2, 60)


class Time:
    """A clock that moves when told."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_memory_counts_within_a_window() -> None:
    time = Time()
    counter = MemoryCounter(time)
    assert [counter.hit("a", 10).count for _ in range(3)] == [1, 2, 3]
    assert counter.hit("b", 10).count == 1
    time.now = 4.0
    assert counter.hit("a", 10).seconds_left == 6
    time.now = 10.0
    assert counter.hit("a", 10).count == 1


def test_memory_does_not_grow_without_end() -> None:
    time = Time()
    counter = MemoryCounter(time)
    for number in range(60_000):
        time.now += 0.001
        counter.hit(str(number), 10)
    assert len(counter._counts) <= 50_000


def test_a_policy_says_what_is_left_and_refuses_what_is_too_much() -> None:
    counter = MemoryCounter(Time())
    assert count(counter, POLICY, "a").headers() == {
        "RateLimit-Policy": '"test";q=2;w=60',
        "RateLimit": '"test";r=1;t=60',
    }
    count(counter, POLICY, "a").refuse_excess()
    with pytest.raises(TooManyRequests) as caught:
        count(counter, POLICY, "a").refuse_excess()
    assert caught.value.details["retry_after"] == 60


def test_processes_count_together(servers: Servers) -> None:
    one, other = RedisCounter.at(servers.redis_url), RedisCounter.at(servers.redis_url)
    name = f"key:{new_id()}"
    assert [one.hit(name, 60).count, other.hit(name, 60).count] == [1, 2]
    assert 1 <= one.hit(name, 60).seconds_left <= 60


def test_of_a_busy_name_redis_hears_ten_times_a_second(servers: Servers) -> None:
    time, name = Time(), f"key:{new_id()}"
    with Redis.from_url(servers.redis_url) as redis:
        one, other = RedisCounter(redis, clock=time), RedisCounter(redis, clock=time)
        assert [one.hit(name, 60).count for _ in range(5)] == [1, 2, 3, 4, 5]
        assert redis.get(f"silta:requests:{name}") == b"1"
        assert other.hit(name, 60).count == 2
        time.now += TELL_SECONDS
        assert one.hit(name, 60).count == 7
        time.now += TELL_SECONDS
        assert other.hit(name, 60).count == 8
        time.now += 60
        assert one.hit(name, 60).count == 9, "Redis's own clock ends the window"


@pytest.mark.attack(51)
@pytest.mark.parametrize("end", [None, 10**9])
def test_a_count_without_an_end_keeps_nobody_out_for_long(
    servers: Servers, end: int | None
) -> None:
    counter, name = RedisCounter.at(servers.redis_url), f"key:{new_id()}"
    with Redis.from_url(servers.redis_url) as redis:
        redis.set(f"silta:requests:{name}", 10**9, ex=end)
        assert counter.hit(name, 60).count == 1
        redis.set(f"silta:requests:{name}", "not a number")
        assert counter.hit(name, 60).seconds_left <= 60
        redis.delete(f"silta:requests:{name}")


class Broken(Redis):
    """A Redis that is away, and how often it was asked."""

    asked = 0

    def pipeline(self, *_: object, **__: object) -> NoReturn:
        self.asked += 1
        raise Away


def test_without_redis_a_process_counts_alone_and_asks_again_after_a_pause() -> None:
    time, redis = Time(), Broken()
    counter = RedisCounter(redis, clock=time)
    assert [counter.hit("a", 60).count for _ in range(3)] == [1, 2, 3]
    assert redis.asked == 1
    time.now = 5.0
    assert counter.hit("a", 60).count == 4
    assert redis.asked == 2
