"""The relay: rings once, also when there are two; loses nothing when Redis is away or flushed."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from redis import Redis

from jobs.queues import all_queues, connect, push_bells, waiting_bells
from jobs.relay import Relay
from privacy.core.outbox.names import JobName
from privacy.core.outbox.rings import Ring
from tests.installations import Installation
from tests.jobs.samples import add_job, change, row


def relay_of(installation: Installation) -> Relay:
    return Relay(installation.engines.relay, connect(installation.settings))


def test_what_is_due_rings_once_in_its_queue(installation: Installation, redis: Any) -> None:
    mail, later = add_job(installation), add_job(installation, due_in=timedelta(hours=1))
    slow = add_job(installation, name=JobName.LEDGER_VERIFY)
    relay = relay_of(installation)
    assert (relay.ring(), relay.ring()) == (2, 0)
    assert redis.lrange("rq:queue:urgent", 0, -1) == [f"{mail}_0".encode()]
    assert redis.lrange("rq:queue:slow", 0, -1) == [f"{slow}_0".encode()]
    assert row(installation, later)["state"] == "waiting"


def test_two_relays_ring_each_job_once(installation: Installation, redis: Any) -> None:
    jobs = {f"{add_job(installation)}_0".encode() for _ in range(60)}
    start = threading.Barrier(2)

    def ring(relay: Relay) -> int:
        start.wait()
        return relay.ring()

    with ThreadPoolExecutor(2) as pool:
        rung = list(pool.map(ring, [relay_of(installation), relay_of(installation)]))
    assert sum(rung) == 60
    assert sorted(redis.lrange("rq:queue:urgent", 0, -1)) == sorted(jobs)


@pytest.mark.promise("F10")
def test_redis_away_nothing_is_lost(installation: Installation, redis: Any) -> None:
    job_id = add_job(installation)
    away = Relay(installation.engines.relay, Redis.from_url("unix:///nowhere/r.sock"))
    assert (away.ring(), away.ring()) == (0, 0)
    assert not away.presence.here
    assert row(installation, job_id)["state"] == "waiting"
    assert relay_of(installation).ring() == 1


def test_a_flushed_redis_is_rung_again(installation: Installation, redis: Any) -> None:
    job_id = add_job(installation)
    relay = relay_of(installation)
    relay.ring()
    redis.flushall()
    assert relay.ring_unheard() == 0, "not yet: it has just been rung"
    change(installation, job_id, "rung_at = now() - interval '61 seconds'")
    assert relay.ring_unheard() == 1
    assert relay.ring() == 1


def test_a_long_line_is_not_made_longer(installation: Installation, redis: Any) -> None:
    job_id = add_job(installation)
    relay = relay_of(installation)
    relay.ring()
    change(installation, job_id, "rung_at = now() - interval '61 seconds'")
    assert relay.ring_unheard() == 0
    assert (relay.ring(), redis.llen("rq:queue:urgent")) == (0, 1)


def test_a_key_that_is_no_list_is_removed(installation: Installation, redis: Any) -> None:
    redis.set("rq:queue:urgent", "stands in the way")
    add_job(installation)
    relay = relay_of(installation)
    assert (relay.ring(), relay.ring()) == (0, 1)


def test_a_foreign_queue_name_goes_to_the_default(installation: Installation, redis: Any) -> None:
    ring = Ring(add_job(installation), 0, "not-a-queue")
    push_bells(redis, [ring])
    assert waiting_bells(redis) == {f"{ring.job_id}_0".encode()}
    names = ["urgent", "default", "slow", "archives", "strangers"]
    assert [queue.name for queue in all_queues(redis)] == names
