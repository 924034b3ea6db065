"""Events on their way: signed, with ids only, about nobody who objected, never stored twice."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import text

from connector.accounts.change import delete_account, pause_account
from connector.calls.announce import MOST_IDS, announce_arrivals
from connector.calls.ingest import ingest_calls
from connector.events_out.emit import emit
from connector.events_out.endpoints import (
    delete_endpoint,
    rotate_endpoint_secret,
)
from connector.events_out.kinds import EventKind
from connector.events_out.log import KEPT, list_deliveries, sweep_events
from connector.events_out.replay import replay_delivery
from connector.events_out.secrets import OVERLAP
from connector.inquiries.channels import Channel
from connector.inquiries.declared import read_fields
from connector.inquiries.open import open_inquiry
from privacy.core.db.work import UnitOfWork
from privacy.identities.people import Person
from privacy.profiles.parts import Objection
from privacy.suppressions.uses import Use
from tests.database.events_out.conftest import Shift
from tests.database.events_out.outs import (
    deliveries,
    endpoint,
    only,
    run_due,
    state_changed,
)
from tests.database.events_out.receivers import receiving
from tests.database.registers.people import object_to
from tests.database.subjects.people import Rights
from tests.factories import CALLER, a_call
from tests.tenancies import House


def test_an_event_arrives_once_signed_and_with_ids_only(house: House) -> None:
    account = house.alice.account()
    with receiving() as receiver:
        made = endpoint(house.alice, receiver)
        with house.alice.work() as work:
            pause_account(work, account_id=account.id)
        assert run_due(house, house.alice) == 1
        assert run_due(house, house.alice) == 0
    (told,), (head,) = receiver.taken, receiver.heads
    assert receiver.forged == 0
    assert told["type"] == "account.state_changed"
    assert told["data"] == {
        "account_id": str(account.id),
        "kind": "api",
        "from": "testing",
        "to": "disabled",
        "reason": None,
    }
    row = only(house)
    assert (row["state"], row["status"], row["attempts"]) == ("delivered", 200, 1)
    assert head["webhook-id"] == f"msg_{row['event_id'].hex}"
    assert head["content-type"] == "application/json"
    assert made.secret.startswith("whsec_")


def test_every_state_is_told_and_nothing_where_nobody_asks(house: House) -> None:
    account = house.alice.account()
    with receiving() as receiver:
        endpoint(house.alice, receiver, kinds=[EventKind.CALL_RECEIVED])
        endpoint(house.charlie, receiver)
        with house.alice.work() as work:
            delete_account(work, account_id=account.id)
    assert house.installation.count("webhook_events") == 0
    with receiving() as receiver:
        other = house.alice.account(name="Other")
        endpoint(house.alice, receiver, kinds=[EventKind.ACCOUNT_STATE_CHANGED])
        with house.alice.work() as work:
            delete_account(work, account_id=other.id)
        run_due(house, house.alice)
    assert [told["data"]["reason"] for told in receiver.taken] == ["deleted"]


def test_an_event_exists_only_with_its_cause(house: House) -> None:
    def fail() -> None:
        with house.alice.work() as work:
            emit(work, EventKind.BACKUP_FAILED, {"backup_id": uuid.uuid4()})
            raise RuntimeError

    with receiving() as receiver:
        endpoint(house.alice, receiver)
        with pytest.raises(RuntimeError):
            fail()
    assert house.installation.count("webhook_events") == 0


def test_ten_thousand_calls_are_one_event(house: House) -> None:
    account = house.alice.account()
    with receiving() as receiver:
        endpoint(house.alice, receiver)
        for size in (3, MOST_IDS + 7):
            with house.alice.work() as work:
                calls = [a_call() for _ in range(size)]
                ingest_calls(work, vault=house.vault, account=account, calls=calls)
        run_due(house, house.alice)
    few, many = (told["data"] for told in receiver.taken)
    assert (few["count"], len(few["call_ids"]), few["complete"]) == (3, 3, True)
    assert (many["count"], len(many["call_ids"]), many["complete"]) == (257, 250, False)
    assert "calls" not in few
    assert CALLER not in str(receiver.taken)


def test_calls_that_come_one_by_one_are_told_together(house: House) -> None:
    account, calls = house.alice.account(), [a_call() for _ in range(3)]
    with receiving() as receiver:
        endpoint(house.alice, receiver)
        for call in [*calls, calls[0]]:
            with house.alice.work() as work:
                ingest_calls(work, vault=house.vault, account=account, calls=[call], single=True)
        query = "SELECT count(*) FROM outbox_jobs WHERE name = 'calls.announce'"
        assert next(house.rows(query))[0] in (1, 2), "one for each ten seconds"
        for events in (1, 0):
            with house.alice.work() as work:
                assert announce_arrivals(work) == events
        run_due(house, house.alice)
    (told,) = receiver.taken
    assert told["data"]["count"] == 3, "the redelivered call was told before"


@pytest.mark.promise("A13")
@pytest.mark.promise("C6")
def test_who_objected_to_what_an_endpoint_is_for_is_in_no_event(house: House) -> None:
    alice, account, willing = house.alice, house.alice.account(), "+442079460345"
    Rights(house, alice)
    with house.installation.superuser().begin() as connection:
        connection.execute(text("UPDATE tenants SET services = '{T}'"))  # V asks for consent
    with receiving() as receiver:
        kinds = [EventKind.CALL_RECEIVED, EventKind.INQUIRY_RECEIVED]
        endpoint(alice, receiver, kinds=kinds, personal=True, use=Use.TELEMARKETING)
        with alice.work() as work:
            object_to(work, alice, Objection.TELEMARKETING, person=Person(phone=CALLER))
            calls = [a_call(), a_call(caller=willing)]
            ingest_calls(work, vault=house.vault, account=account, calls=calls)
            ingest_calls(work, vault=house.vault, account=account, calls=[a_call()])
            _ask(work, house, "robin@example.org")
        run_due(house, alice)
    told = [one["data"] for one in receiver.taken]
    calls_told = [one["calls"] for one in told if "calls" in one]
    assert [[call["caller"] for call in some] for some in calls_told] == [[willing]]
    assert [one["count"] for one in told if "count" in one] == [1]
    assert len(told) == 1, "the other call and the inquiry are nobody's to sell to"
    codes = [row["code"] for row in deliveries(house) if row["state"] == "failed"]
    assert codes == ["withheld", "withheld"]


def _ask(work: UnitOfWork, house: House, email: str) -> None:
    asked = read_fields("V", {"name": "Robin", "email": email, "message": "Hej"})
    open_inquiry(work, vault=house.vault, service="V", channel=Channel.FORM, asked=asked)


@pytest.mark.promise("A12")
def test_what_is_personal_goes_where_the_tenant_wants_it_and_ends_on_time(
    house: House, later: Shift
) -> None:
    account = house.alice.account()
    with receiving() as receiver:
        endpoint(house.alice, receiver, personal=True)
        with house.alice.work() as work:
            ingest_calls(work, vault=house.vault, account=account, calls=[a_call()])
        run_due(house, house.alice)
        (first,) = receiver.taken
        (call,) = first["data"]["calls"]
        assert call["caller"] == CALLER
        assert call["id"] == first["data"]["call_ids"][0]
        for table in ("webhook_events", "webhook_deliveries", "outbox_jobs", "ledger_events"):
            assert not [
                row for row in house.rows(f"SELECT t::text FROM {table} t") if CALLER in str(row)
            ]
        later(timedelta(days=31))
        with house.alice.work() as work:
            replay_delivery(work, delivery_id=only(house)["id"])
        run_due(house, house.alice)
    assert receiver.taken[1]["data"]["calls"] == [], "a replay brings nothing back"
    said = [row[0] for row in house.rows("SELECT event FROM ledger_events")]
    assert said.count("jobs:webhook:disclosed") == 2


@pytest.mark.attack(56)
def test_secrets_rotate_with_overlap(house: House, later: Shift) -> None:
    with receiving() as receiver:
        made = endpoint(house.alice, receiver)
        with house.alice.work() as work:
            new = rotate_endpoint_secret(work, vault=house.vault, endpoint_id=made.id)
        assert new != made.secret
        state_changed(house)
        run_due(house, house.alice)
        receiver.secrets = [new]
        state_changed(house)
        run_due(house, house.alice)
        assert (len(receiver.taken), receiver.forged) == (2, 0)
        assert receiver.heads[0]["webhook-signature"].count("v1,") == 2
        later(OVERLAP)
        with house.alice.work() as work:
            sweep_events(work)
        assert house.installation.count("webhook_secrets") == 1
        receiver.secrets = [made.secret]
        state_changed(house)
        run_due(house, house.alice)
        assert receiver.forged == 1
    for secret in (made.secret, new):
        stored = str(list(house.rows("SELECT t::text FROM webhook_secrets t")))
        assert secret.removeprefix("whsec_") not in stored


def test_the_log_ends_after_thirty_days_and_with_its_endpoint(house: House, later: Shift) -> None:
    with receiving() as receiver:
        made = endpoint(house.alice, receiver)
        state_changed(house)
        run_due(house, house.alice)
    with house.alice.work() as work:
        (line,) = list_deliveries(work, endpoint_id=made.id)
        assert (line.kind, line.status) == (EventKind.ACCOUNT_STATE_CHANGED, 200)
        assert list_deliveries(work, endpoint_id=made.id, state="failed") == []
        assert list_deliveries(work, endpoint_id=made.id, before=line.id) == []
    later(KEPT)
    with house.alice.work() as work:
        sweep_events(work)
    assert house.installation.count("webhook_events") == 0
    assert house.installation.count("webhook_deliveries") == 0
    with house.alice.work() as work:
        delete_endpoint(work, endpoint_id=made.id)
    for table in ("webhook_endpoints", "webhook_secrets"):
        assert house.installation.count(table) == 0
