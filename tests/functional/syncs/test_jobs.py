"""Jobs of systems that are asked: found when due, run once, killed without loss."""

import os
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Mapping
from typing import Any, cast

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from connector.accounts.change import pause_account
from connector.syncs.locks import locked
from connector.syncs.models import SyncRun
from jobs.contexts import House as HouseOfTasks
from jobs.contexts import TaskContext
from jobs.tasks import outgoing, syncs
from privacy.core.db.locks import AdvisoryLock
from privacy.core.ids import new_id
from tests.functional.syncs.benches import Engine, engine
from tests.functional.syncs.charges import a_charge, ask
from tests.tenancies import House


class HouseOfLoopback:
    """What a task is given of the installation; its network is this machine."""

    def __init__(self, house: House) -> None:
        self.engines = house.installation.engines
        self.settings = house.installation.settings.model_copy(update={"outbound_loopback": True})
        self.vault = house.vault


def run(
    house: House,
    task: Callable[[TaskContext], None],
    tenant_id: uuid.UUID,
    payload: Mapping[str, Any] | None = None,
) -> None:
    given = cast(HouseOfTasks, HouseOfLoopback(house))
    task(TaskContext(given, new_id(), tenant_id, "x", 0, payload or {}))


def jobs(house: House, name: str) -> list[dict[str, Any]]:
    rows = house.rows(f"SELECT payload FROM outbox_jobs WHERE name = '{name}' ORDER BY created_at")
    return [cast(dict[str, Any], payload) for (payload,) in rows]


def test_a_connected_account_is_read_by_its_job(house: House) -> None:
    with engine(house.alice) as e:
        account_id = e.connected()
        [payload] = jobs(house, "sync.run")
        assert payload == {"account_id": str(account_id)}
        run(house, syncs.run, house.alice.id, payload)
        assert {row.outcome for row in e.runs()} == {"done"}


def test_a_job_whose_account_is_read_already_ends(house: House) -> None:
    with engine(house.alice) as e:
        account_id = e.connected()
        payload = {"account_id": str(account_id)}
        with locked(e.station.engine, AdvisoryLock.ACCOUNT_READING, account_id):
            run(house, syncs.run, house.alice.id, payload)
        assert e.runs() == []


def test_a_test_goes_on_in_a_job_when_nobody_answers(house: House) -> None:
    with engine(house.alice) as e:
        account_id = e.draft()
        e.world.fault("500", times=-1)
        tested = e.test(account_id)
        assert (tested.later, tested.state.value) == (True, "testing")
        e.world.desk.faults.clear()
        [payload] = jobs(house, "account.test")
        run(house, syncs.test, house.alice.id, payload)
        assert e.account(account_id).state == "connected"


def test_a_job_leaves_a_paused_account_alone(house: House) -> None:
    with engine(house.alice) as e:
        account_id = e.connected()
        with house.alice.work() as work:
            pause_account(work, account_id=account_id)
        before = dict(e.world.desk.counts)
        run(house, syncs.test, house.alice.id, {"account_id": str(account_id)})
        run(house, syncs.run, house.alice.id, {"account_id": str(account_id)})
        assert e.world.desk.counts == before


def test_a_document_is_sent_by_its_job(house: House) -> None:
    with engine(house.alice) as e:
        account_id = e.connected()
        before = len(e.world.desk.books.invoices)
        ask(e, account_id, a_charge(e))
        [payload] = jobs(house, "outgoing.send")
        run(house, outgoing.send, house.alice.id, payload)
        run(house, outgoing.send, house.alice.id, payload)
        assert len(e.world.desk.books.invoices) == before + 1


@pytest.mark.attack(51)
def test_a_killed_process_loses_nothing_and_locks_nothing(house: House) -> None:
    with engine(house.alice, customers=350) as e:
        account_id = e.connected()
        e.world.fault("latency", times=-1, seconds=0.4, resource="getcustomer")
        child = _reading(e, account_id)
        try:
            _wait_until(lambda: _pages(e) >= 2)
        finally:
            child.kill()
            child.wait(10)
        left = [row for row in e.runs() if row.stream == "customers"]
        assert [row.outcome for row in left] == ["running"]
        assert 2 <= left[0].pages < 4
        e.world.desk.faults.clear()
        assert {each.outcome.value for each in _run_when_free(e, account_id).values()} == {"done"}
        [(count, distinct)] = house.rows("SELECT count(*), count(DISTINCT id) FROM contacts")
        assert count == distinct == 350
        told: list[SyncRun] = [row for row in e.runs() if row.stream == "customers"]
        assert [row.outcome for row in told] == ["interrupted", "done"]
        assert sum(row.created for row in told) == 350


def _reading(e: Engine, account_id: uuid.UUID) -> subprocess.Popen[bytes]:
    env = dict(os.environ)
    for name, value in e.tenant.installation.settings:
        given = value.get_secret_value() if isinstance(value, SecretStr) else value
        if given is not None:
            env["SILTA_" + name.upper()] = str(given)
    module = "tests.functional.syncs.reading_process"
    command = [sys.executable, "-m", module, str(e.tenant.id), str(account_id)]
    return subprocess.Popen(command, env=env)


def _pages(e: Engine) -> int:
    with e.tenant.work() as work:
        pages = text("SELECT coalesce(max(pages), 0) FROM sync_runs WHERE stream = 'customers'")
        return int(work.connection.execute(pages).scalar_one())


def _run_when_free(e: Engine, account_id: uuid.UUID) -> dict[str, Any]:
    """PostgreSQL and the simulator notice a moment later that a killed client is gone."""

    def free() -> bool:
        with locked(e.station.engine, AdvisoryLock.ACCOUNT_READING, account_id, seconds=20):
            return True

    assert free()
    time.sleep(1.0)
    return e.run(account_id)


def _wait_until(ready: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not ready():
        assert time.monotonic() < end
        time.sleep(0.05)
