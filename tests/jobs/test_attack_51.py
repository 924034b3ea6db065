"""ATTACK 51: whoever can write to Redis makes our worker run nothing.

The payloads are first tried on a stock RQ worker, so that we know that they are real.
"""

import json
import os
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from rq.exceptions import NoSuchJobError

from jobs.bell import Bell, read_bell
from jobs.queues import connect, next_bell
from jobs.relay import Relay
from tests.installations import Installation
from tests.jobs.nursery import Child
from tests.jobs.samples import add_job, await_true, lines, process, row
from tests.jobs.traps import FORGED_IDS, raw_jobs
from tests.servers import Servers

pytestmark = pytest.mark.attack(51)

QUEUES = ("urgent", "default", "slow", "strangers")


class _Hooks(HTTPServer):
    hits = 0


class _Hook(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        assert isinstance(self.server, _Hooks)
        self.server.hits += 1
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def hooks() -> Iterator[_Hooks]:
    """A server that counts who calls."""
    server = _Hooks(("127.0.0.1", 0), _Hook)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def url_of(hooks: _Hooks) -> str:
    return f"http://127.0.0.1:{hooks.server_address[1]}/"


def push(redis: Any, job_id: str | bytes, fields: dict[str, object], queue: str) -> None:
    """Write a job as an attacker would: any hash, any id."""
    now = "2026-01-01T00:00:00.000000Z"
    usual = {"created_at": now, "enqueued_at": now, "origin": queue, "status": "queued"}
    name = job_id.decode() if isinstance(job_id, bytes) else job_id
    redis.hset(f"rq:job:{name}", mapping=usual | fields)
    redis.rpush(f"rq:queue:{queue}", job_id)


STOCK = """
import logging, sys
from redis import Redis
from rq import Worker
from rq.job import Job
serializer = sys.argv[2]
connection = Redis.from_url(sys.argv[1])
Worker(["urgent"], connection=connection, serializer=serializer).work(burst=True)
"""


@pytest.mark.parametrize(
    ("kind", "serializer"),
    [
        ("json-function", "json"),
        ("on-success", "json"),
        ("on-failure", "json"),
        ("webhook-finished", "json"),
        ("pickled-object", "pickle"),
    ],
)
def test_a_stock_worker_falls_for_it(
    servers: Servers, redis: Any, hooks: _Hooks, tmp_path: Path, kind: str, serializer: str
) -> None:
    push(redis, kind, raw_jobs(url_of(hooks))[kind], "urgent")
    subprocess.run(
        [sys.executable, "-c", STOCK, servers.redis_operator_url, serializer],
        env=os.environ | {"SAMPLE_FOLDER": str(tmp_path)},
        capture_output=True,
        check=False,
        timeout=30,
    )
    assert hooks.hits + len(lines(tmp_path, "sprung")) > 0


def test_our_worker_runs_nothing_and_survives(
    installation: Installation, redis: Any, hooks: _Hooks
) -> None:
    with process(installation, "worker") as worker:
        for queue in QUEUES:
            for kind, fields in raw_jobs(url_of(hooks)).items():
                push(redis, kind, fields, queue)
            for forged in FORGED_IDS.values():
                redis.rpush(f"rq:queue:{queue}", forged)
        await_true(lambda: not any(redis.llen(f"rq:queue:{queue}") for queue in QUEUES))
        _still_works(installation, worker)
    assert lines(installation.folder, "sprung") == []
    assert hooks.hits == 0


def test_a_hash_behind_a_true_id_changes_nothing(
    installation: Installation, redis: Any, hooks: _Hooks
) -> None:
    kinds = raw_jobs(url_of(hooks))
    jobs = [add_job(installation) for _ in kinds]
    with process(installation, "worker") as worker:
        for job_id, fields in zip(jobs, kinds.values(), strict=True):
            for _ in range(2):
                push(redis, f"{job_id}_0", fields, "default")
        await_true(lambda: all(row(installation, each)["state"] == "done" for each in jobs))
        _still_works(installation, worker)
    assert len(lines(installation.folder)) == len(jobs) + 1
    assert lines(installation.folder, "sprung") == []
    assert hooks.hits == 0


def test_commands_do_not_stop_it(installation: Installation, redis: Any) -> None:
    job_id = add_job(installation, payload={"tenths": 20})
    with process(installation, "worker") as worker:
        Relay(installation.engines.relay, connect(installation.settings)).ring()
        await_true(lambda: lines(installation.folder, "begun") == [str(job_id)])
        (name,) = [key.decode().rsplit(":", 1)[1] for key in redis.smembers("rq:workers")]
        redis.set("rq:suspended", 1)
        for command in ("kill-horse", "stop-job", "stop-execution", "shutdown"):
            order = {"command": command, "job_id": f"{job_id}_0", "execution_id": "x"}
            assert redis.publish(f"rq:pubsub:{name}", json.dumps(order)) == 0, "nobody listens"
        await_true(lambda: row(installation, job_id)["state"] == "done")
        _still_works(installation, worker)
    assert lines(installation.folder, "begun").count(str(job_id)) == 1


def test_keys_of_the_wrong_kind_do_not_stop_it(installation: Installation, redis: Any) -> None:
    with process(installation, "worker") as worker:
        await_true(lambda: bool(redis.keys("rq:worker:*")))
        for key in [*redis.keys("rq:work*"), b"rq:queues", b"rq:clean_registries:urgent"]:
            redis.delete(key)
            redis.set(key, "in the way")
        for queue in QUEUES:
            redis.delete(f"rq:queue:{queue}")
            redis.hset(f"rq:queue:{queue}", "in", "the way")
        time.sleep(0.5)
        _still_works(installation, worker)


def test_registries_are_not_believed(installation: Installation, redis: Any, hooks: _Hooks) -> None:
    fields = raw_jobs(url_of(hooks))["on-failure"]
    push(redis, "abandoned", fields | {"status": "started"}, "urgent")
    redis.delete("rq:queue:urgent")
    for registry in ("wip", "failed", "deferred", "scheduled", "ready", "finished", "canceled"):
        redis.zadd(f"rq:{registry}:urgent", {"abandoned:1": 1, "abandoned": 1})
    with process(installation, "worker") as worker:
        _still_works(installation, worker)
    assert lines(installation.folder, "sprung") == []


@pytest.mark.parametrize("forged", FORGED_IDS.values(), ids=FORGED_IDS.keys())
def test_what_is_no_bell_is_thrown_away(
    installation: Installation, redis: Any, forged: bytes
) -> None:
    redis.rpush("rq:queue:default", forged, b"0190a0a0-0000-7000-8000-00000000a11c_3")
    bell = next_bell(redis, timeout=1)
    if read_bell(forged, redis) is not None:
        bell = next_bell(redis, timeout=1)
    assert bell is not None
    assert (bell.outbox_id, bell.attempt) == (
        uuid.UUID("0190a0a0-0000-7000-8000-00000000a11c"),
        3,
    )
    assert next_bell(redis, timeout=None) is None


def test_a_bell_can_do_nothing_by_itself(redis: Any, hooks: _Hooks) -> None:
    name = "0190a0a0-0000-7000-8000-00000000a11c_0"
    for fields in raw_jobs(url_of(hooks)).values():
        push(redis, name, fields, "default")
    bell = Bell.fetch(name, redis)
    bell.refresh()
    bell.restore({"data": b"x", "success_callback_name": b"os.abort"})
    assert (bell.func, bell.success_callback, bell.failure_callback) == (None, None, None)
    assert (bell.stopped_callback, bell.webhooks, bell.meta) == (None, [], {})
    assert (bell.retries_left, bell.repeats_left, bell.timeout) == (None, None, None)
    bell.send_webhooks("failed", exc_string="secret")
    with pytest.raises(NotImplementedError):
        bell.perform()
    with pytest.raises(NoSuchJobError):
        Bell.fetch("json-function", redis)
    assert hooks.hits == 0


def _still_works(installation: Installation, worker: Child) -> None:
    """The worker lives, and runs what is really to be run."""
    job_id = add_job(installation)
    relay = Relay(installation.engines.relay, connect(installation.settings))
    await_true(lambda: relay.ring() > 0)
    await_true(lambda: row(installation, job_id)["state"] == "done")
    assert worker.poll() is None
