"""What does not arrive: tried again over days, given up, caught up with by a replay."""

import uuid
from datetime import timedelta

import pytest

from connector.events_out.deliver import deliver
from connector.events_out.endpoints import (
    EndpointDisabled,
)
from connector.events_out.parcels import Parcel
from connector.events_out.post import Result
from connector.events_out.replay import replay_delivery, replay_failed
from connector.events_out.schedule import PAUSES
from connector.events_out.standing import switch_on
from privacy.core import clock
from tests.database.events_out.conftest import Shift
from tests.database.events_out.outs import (
    deliveries,
    due,
    endpoint,
    only,
    run_due,
    state_changed,
)
from tests.database.events_out.receivers import receiving
from tests.tenancies import House


def test_failures_are_tried_again_over_days_and_success_ends_it(house: House, later: Shift) -> None:
    with receiving() as receiver:
        endpoint(house.alice, receiver)
        receiver.answers += [(500, {}), (503, {}), (404, {})]
        state_changed(house)
        for tries, pause in enumerate(PAUSES[:3], start=1):
            assert run_due(house, house.alice) == 1
            row = only(house)
            assert (row["state"], row["attempts"]) == ("waiting", tries)
            wait = row["next_at"] - row["tried_at"]
            assert pause <= wait <= pause * 1.1
            later(wait - timedelta(seconds=1))
            assert run_due(house, house.alice) == 0
            later(timedelta(seconds=1))
        assert run_due(house, house.alice) == 1
    assert only(house)["state"] == "delivered"
    assert len({head["webhook-id"] for head in receiver.heads}) == 1
    assert len({head["webhook-timestamp"] for head in receiver.heads}) == 4
    ((failing_since, success_at),) = house.rows(
        "SELECT failing_since, last_success_at FROM webhook_endpoints"
    )
    assert failing_since is None
    assert success_at is not None


def test_a_receiver_may_ask_for_patience_and_not_for_haste(house: House) -> None:
    with receiving() as receiver:
        endpoint(house.alice, receiver)
        receiver.answers += [(429, {"Retry-After": "900"}), (503, {"Retry-After": "0"})]
        for _ in range(2):
            state_changed(house)
        run_due(house, house.alice)
    waits = [row["next_at"] - row["tried_at"] for row in deliveries(house)]
    assert waits[0] == timedelta(seconds=900)
    assert waits[1] >= timedelta(seconds=5)


def test_410_disables_at_once_and_says_so(house: House) -> None:
    with receiving() as receiver:
        made = endpoint(house.alice, receiver)
        state_changed(house)
        state_changed(house)
        receiver.answers += [(410, {})]
        run_due(house, house.alice)
        assert len(receiver.taken) == 1, "what was waiting is not sent"
        state_changed(house)
    assert [row["code"] for row in deliveries(house)] == ["http_410", "endpoint_disabled"]
    (row,) = house.rows("SELECT state, state_reason FROM webhook_endpoints")
    assert row == ("disabled", "gone")
    (job,) = house.rows("SELECT payload FROM outbox_jobs WHERE name = 'endpoint.notice'")
    assert job[0] == {"endpoint_id": str(made.id), "reason": "gone"}
    with house.alice.work() as work, pytest.raises(EndpointDisabled):
        replay_failed(work, endpoint_id=made.id, since=work.now - timedelta(days=1))


def test_days_of_failure_disable_and_a_replay_catches_up(house: House, later: Shift) -> None:
    with receiving() as receiver:
        made = endpoint(house.alice, receiver)
        state_changed(house)
        receiver.answers += [(500, {})] * 10
        for _ in range(11):
            run_due(house, house.alice)
            if only(house)["state"] != "waiting":
                break
            later(only(house)["next_at"] - clock.now() + timedelta(seconds=1))
        row = only(house)
        assert (row["state"], row["attempts"], row["code"]) == ("failed", 10, "http_500")
        (state,) = house.rows("SELECT state, state_reason FROM webhook_endpoints")
        assert state == ("disabled", "failing")
        with house.alice.work() as work:
            switch_on(work, endpoint_id=made.id)
            since = work.now - timedelta(days=7)
            assert replay_failed(work, endpoint_id=made.id, since=since) == 1
        run_due(house, house.alice)
    assert only(house)["state"] == "delivered"
    assert only(house)["attempts"] == 11
    assert len({head["webhook-id"] for head in receiver.heads}) == 1


@pytest.mark.attack(56)
def test_a_forged_or_old_turn_sends_nothing(house: House) -> None:
    posted: list[Parcel] = []

    def post(parcel: Parcel) -> Result:
        posted.append(parcel)
        return Result(200)

    with receiving() as receiver:
        endpoint(house.alice, receiver)
    state_changed(house)
    [(_, payload)] = due(house, house.alice)
    delivery_id = uuid.UUID(payload["delivery_id"])

    def tried(tenancy_work: object, turn: int) -> bool:
        return deliver(
            tenancy_work,  # type: ignore[arg-type]
            vault=house.vault,
            post=post,
            delivery_id=delivery_id,
            turn=turn,
        )

    assert not tried(house.alice.work, 2)
    assert not tried(house.charlie.work, 1)
    assert tried(house.alice.work, 1)
    assert not tried(house.alice.work, 1)
    with house.alice.work() as work:
        replay_delivery(work, delivery_id=delivery_id)
    assert not tried(house.alice.work, 1)
    assert tried(house.alice.work, 2)
    assert len(posted) == 2
    assert "secret-path" not in repr(posted)
