"""A real worker process: killed, stopped, without Redis, with Redis flushed under its feet."""

import os
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from jobs.embedded.redis import EmbeddedRedis
from jobs.queues import REDIS_KEYS, connect
from jobs.relay import Relay
from jobs.schedule import SCHEDULE
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.vault.creations import create_tenant_keys
from tests.installations import Installation
from tests.jobs.samples import add_job, await_true, horse_of, lines, process, row
from tests.servers import Servers, temporary_folder
from tests.tenancies import House


def ring(installation: Installation) -> int:
    return Relay(installation.engines.relay, connect(installation.settings)).ring()


def test_a_job_runs_once_and_leaves_nothing_in_redis(
    installation: Installation, redis: Any
) -> None:
    job_id = add_job(installation, payload={"fails": 0})
    with process(installation, "worker"):
        ring(installation)
        await_true(lambda: row(installation, job_id)["state"] == "done")
        patterns = [key.removesuffix("*") for key in REDIS_KEYS]
        keys = [key.decode() for key in redis.keys("*")]
        assert all(any(key.startswith(each) for each in patterns) for key in keys)
        assert not redis.keys("rq:job:*")
    assert lines(installation.folder) == [str(job_id)]


@pytest.mark.attack(52)
def test_a_failure_leaves_no_text_in_redis_log_or_row(
    installation: Installation, redis: Any
) -> None:
    job_id = add_job(installation, payload={"fails": 9})
    with process(installation, "worker"):
        ring(installation)
        await_true(lambda: row(installation, job_id)["attempt"] == 1)
    held = b"".join(redis.dump(key) or b"" for key in redis.keys("*"))
    log = (installation.folder / "worker.log").read_bytes()
    for secret in (b"secret-in-an-exception", b"+12025550142"):
        assert secret not in held
        assert secret not in log
        assert secret.decode() not in str(row(installation, job_id))
    assert b"RuntimeError" in log


@pytest.mark.slow
def test_a_killed_run_is_run_again_once(installation: Installation, redis: Any) -> None:
    job_id = add_job(installation, payload={"tenths": 30})
    with process(installation, "scheduler"), process(installation, "worker") as worker:
        await_true(lambda: lines(installation.folder, "begun") == [str(job_id)])
        os.kill(horse_of(worker) or 0, signal.SIGKILL)
        await_true(lambda: row(installation, job_id)["state"] == "done", seconds=30)
        assert worker.poll() is None
    assert len(lines(installation.folder, "begun")) == 2
    assert lines(installation.folder) == [str(job_id)]
    assert row(installation, job_id)["attempt"] == 1


@pytest.mark.slow
def test_a_killed_worker_takes_its_run_along(installation: Installation, redis: Any) -> None:
    job_id = add_job(installation, payload={"tenths": 30})
    with process(installation, "worker") as worker:
        ring(installation)
        await_true(lambda: lines(installation.folder, "begun") == [str(job_id)])
        horse = horse_of(worker)
        worker.kill()
        worker.wait()
        await_true(lambda: not _runs(horse))
    with process(installation, "scheduler"), process(installation, "worker"):
        await_true(lambda: row(installation, job_id)["state"] == "done", seconds=30)
    assert lines(installation.folder) == [str(job_id)]


def test_a_stopped_worker_finishes_its_run(installation: Installation, redis: Any) -> None:
    job_id = add_job(installation, payload={"tenths": 15})
    with process(installation, "worker") as worker:
        ring(installation)
        await_true(lambda: lines(installation.folder, "begun") == [str(job_id)])
        worker.terminate()
        assert worker.wait(15) == 0
    assert row(installation, job_id)["state"] == "done"


def test_a_signal_to_the_whole_group_ends_no_run(installation: Installation, redis: Any) -> None:
    job_id = add_job(installation, payload={"tenths": 15})
    with process(installation, "worker") as worker:
        ring(installation)
        await_true(lambda: lines(installation.folder, "begun") == [str(job_id)])
        os.kill(horse_of(worker) or 0, signal.SIGTERM)
        worker.terminate()
        assert worker.wait(15) == 0
    assert row(installation, job_id)["state"] == "done"


@pytest.mark.slow
def test_a_killed_database_loses_no_job(
    installation: Installation, servers: Servers, redis: Any
) -> None:
    jobs = [add_job(installation, payload={"tenths": 5}) for _ in range(4)]
    with process(installation, "scheduler") as scheduler, process(installation, "worker") as worker:
        await_true(lambda: len(lines(installation.folder, "begun")) >= 2)
        time.sleep(1)  # the tests' server commits asynchronously
        servers.postgres.kill()
        time.sleep(1)
        servers.postgres.start()
        await_true(
            lambda: all(row(installation, each)["state"] == "done" for each in jobs), seconds=60
        )
        assert (scheduler.poll(), worker.poll()) == (None, None)
    assert set(lines(installation.folder)) == {str(each) for each in jobs}


def test_an_idle_worker_stops_at_once(installation: Installation, redis: Any) -> None:
    with process(installation, "worker") as worker:
        await_true(lambda: bool(redis.keys("rq:worker:*")))
        worker.terminate()
        assert worker.wait(5) == 0


def test_a_redis_flushed_in_mid_flight_loses_nothing(
    installation: Installation, redis: Any
) -> None:
    jobs = {str(add_job(installation, payload={"tenths": 1})) for _ in range(8)}
    with process(installation, "worker"):
        ring(installation)
        await_true(lambda: len(lines(installation.folder)) >= 2)
        redis.flushall()
        engine = installation.superuser()
        with engine.begin() as connection:
            connection.exec_driver_sql("UPDATE outbox_jobs SET rung_at = now() - interval '1 h'")
        relay = Relay(installation.engines.relay, connect(installation.settings))
        assert relay.ring_unheard() > 0
        relay.ring()
        await_true(lambda: set(lines(installation.folder)) == jobs)
    assert len(lines(installation.folder)) == len(jobs)


def test_redis_away_jobs_wait_and_run_when_it_is_back(installation: Installation) -> None:
    folder = temporary_folder()
    own = EmbeddedRedis(folder / "redis", operator=True)
    own.start()
    url = own.url
    own.stop()
    job_id = add_job(installation)
    try:
        with (
            process(installation, "worker", redis_url=url) as worker,
            process(installation, "scheduler", redis_url=url) as scheduler,
        ):
            log = installation.folder / "scheduler.log"
            await_true(lambda: b"redis unavailable" in log.read_bytes())
            assert row(installation, job_id)["state"] == "waiting"
            own.start()
            await_true(lambda: row(installation, job_id)["state"] == "done", seconds=30)
            own.kill()
            second = add_job(installation)
            await_true(lambda: log.read_bytes().count(b"redis unavailable") == 2)
            own.start()
            await_true(lambda: row(installation, second)["state"] == "done", seconds=30)
            assert (worker.poll(), scheduler.poll()) == (None, None)
    finally:
        own.stop()


def test_our_own_tasks_run_in_a_real_worker(house: House, redis: Any) -> None:
    """Catching up at the first boot: keys ahead, retention, sweep; each in a fork of its own."""
    installation = house.installation
    create_tenant_keys(installation.engines.app, house.custody, INSTALLATION_ID)
    with process(installation, "whole-worker"), process(installation, "scheduler"):
        tried = "outbox_jobs WHERE state = 'done' OR failure_code IS NOT NULL"
        await_true(lambda: installation.count(tried) == len(SCHEDULE), seconds=60)
    codes = list(house.rows("SELECT name, failure_code FROM outbox_jobs WHERE state <> 'done'"))
    # Nothing has signed this ledger yet: without a sequencer there is no identity to verify.
    assert [name for name, _ in codes] in ([], ["ledger.verify"])


def _runs(process_id: int | None) -> bool:
    stat = Path(f"/proc/{process_id}/stat")
    try:
        return stat.read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
