"""Events out as the worker runs them: leased, with no transaction open while a receiver thinks."""

import uuid
from typing import cast

import pytest
from sqlalchemy import text

from connector.calls.ingest import ingest_calls
from connector.events_out.endpoints import try_endpoint
from connector.events_out.standing import switch_off
from jobs.contexts import House as HouseOfTasks
from jobs.runner import Outcome, run_outbox_job
from jobs.tasks import TASKS
from tests.database.events_out.outs import endpoint, only
from tests.database.events_out.receivers import Receiver, receiving
from tests.factories import a_call
from tests.jobs.test_tasks import TaskHouse, settled
from tests.tenancies import House

__all__ = ["settled"]


def _jobs(house: House, name: str) -> list[uuid.UUID]:
    with house.installation.superuser().begin() as connection:
        connection.execute(text("UPDATE outbox_jobs SET run_at = now() WHERE state = 'waiting'"))
        query = text("SELECT id FROM outbox_jobs WHERE name = :name AND state = 'waiting'")
        return list(connection.execute(query, {"name": name}).scalars())


def _run(house: House, name: str) -> list[Outcome]:
    made = TaskHouse(house)
    made.settings = made.settings.model_copy(update={"outbound_loopback": True})
    open_house = cast(HouseOfTasks, made)
    return [
        run_outbox_job(job_id=job_id, attempt=0, house=open_house, tasks=TASKS)
        for job_id in _jobs(house, name)
    ]


def test_single_calls_reach_a_receiver_through_two_jobs(settled: House) -> None:
    alice = settled.alice
    account = alice.account()
    with receiving() as receiver:
        endpoint(alice, receiver)
        with alice.work() as work:
            ingest_calls(work, vault=alice.vault, account=account, calls=[a_call()], single=True)
        assert _run(settled, "calls.announce") == [Outcome.DONE]
        assert _run(settled, "event.deliver") == [Outcome.DONE]
        assert _run(settled, "event.deliver") == []
    assert [told["data"]["count"] for told in receiver.taken] == [1]


class Nosy(Receiver):
    """Looks, while it answers, whether anybody holds a transaction."""

    house: House
    held: int = -1

    def receive(self, head: dict[str, str], body: bytes) -> tuple[int, dict[str, str]]:
        """Count sessions of the application that are in a transaction."""
        with self.house.installation.superuser().connect() as connection:
            self.held = connection.execute(
                text(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                    "AND usename = 'silta_app' AND state LIKE 'idle in transaction%'"
                )
            ).scalar_one()
        return super().receive(head, body)


def test_no_transaction_is_open_while_a_receiver_thinks(
    settled: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.database.events_out.receivers.Receiver", Nosy)
    with receiving() as receiver:
        assert isinstance(receiver, Nosy)
        receiver.house = settled
        made = endpoint(settled.alice, receiver)
        with settled.alice.work() as work:
            try_endpoint(work, endpoint_id=made.id)
        assert _run(settled, "event.deliver") == [Outcome.DONE]
    assert receiver.held == 0
    assert only(settled)["state"] == "delivered"


def test_a_receivers_failure_is_no_failure_of_the_job(settled: House) -> None:
    with receiving() as receiver:
        made = endpoint(settled.alice, receiver)
        receiver.answers.append((500, {}))
        with settled.alice.work() as work:
            try_endpoint(work, endpoint_id=made.id)
        assert _run(settled, "event.deliver") == [Outcome.DONE]
        assert len(_jobs(settled, "event.deliver")) == 1, "the next turn waits"
        with settled.alice.work() as work:
            switch_off(work, endpoint_id=made.id)
        assert _run(settled, "event.deliver") == [Outcome.DONE]
    assert only(settled)["code"] == "endpoint_disabled"
    assert len(receiver.taken) == 1


def test_a_notice_of_an_endpoint_that_was_deleted_is_no_failure(settled: House) -> None:
    with receiving() as receiver:
        made = endpoint(settled.alice, receiver)
        receiver.answers.append((410, {}))
        with settled.alice.work() as work:
            try_endpoint(work, endpoint_id=made.id)
        _run(settled, "event.deliver")
    with settled.installation.superuser().begin() as connection:
        connection.execute(text("DELETE FROM webhook_endpoints"))
    assert _run(settled, "endpoint.notice") == [Outcome.DONE]
