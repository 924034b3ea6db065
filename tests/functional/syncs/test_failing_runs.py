"""Runs that fail: each fault ends in its state, is told once, and loses nothing."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from connector.accounts.states import AccountState
from connector.syncs import save_page
from connector.syncs.streams import NotReading, request_run
from tests.functional.syncs.benches import Engine, engine
from tests.functional.syncs.counts import living, outcomes
from tests.tenancies import House


def test_what_cannot_be_stored_is_our_error_and_loses_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    with engine(house.alice) as e:
        account_id = e.connected()

        def breaks(*given: Any) -> Any:
            raise ZeroDivisionError

        with monkeypatch.context() as patch:
            patch.setattr(save_page, "_keep", breaks)
            with pytest.raises(ZeroDivisionError):
                e.run(account_id)
        row = e.streams(account_id)["customers"]
        assert (row.failure_code, row.failure_kind, row.cursor) == ("not_saved", "system", None)
        e.later(hours=1)
        assert set(outcomes(e.run(account_id)).values()) == {"done"}


def test_a_stream_that_fails_leaves_the_others_theirs(house: House) -> None:
    with engine(house.alice) as e:
        account_id = e.connected()
        e.world.fault("service_access", times=-1, resource="salesinvoicelist")
        ended = outcomes(e.run(account_id))
        assert ended.pop("invoices") == "failed"
        assert set(ended.values()) == {"done"}
        account = e.account(account_id)
        assert account.state == AccountState.DEGRADED
        assert account.state_reason == "netvisor_service_access_error"
        e.world.desk.faults.clear()
        e.later(days=2)
        assert set(outcomes(e.run(account_id)).values()) == {"done"}
        assert e.account(account_id).state == AccountState.CONNECTED


def test_an_outage_is_told_once_and_never_asks_for_a_credential(house: House) -> None:
    with engine(house.alice) as e:
        account_id = e.connected()
        e.run(account_id)
        e.world.fault("500", times=-1)
        for _ in range(12):
            e.later(hours=7)
            e.run(account_id)
            e.test(account_id, asked=False)
        assert e.account(account_id).state == AccountState.DEGRADED
        assert len(e.events("account:unavailable")) == 1
        e.world.desk.faults.clear()
        e.later(hours=7)
        assert set(outcomes(e.run(account_id)).values()) == {"done"}
        assert e.account(account_id).state == AccountState.CONNECTED
        assert len(e.events("account:back")) == 1
        states = [facts["to"] for _, facts in e.events("account:changed")]
        assert "needs_reauth" not in states


def test_a_credential_that_stops_working_stops_the_reading(house: House) -> None:
    with engine(house.alice) as e:
        account_id = e.connected()
        e.run(account_id)
        e.later(hours=6)
        e.world.fault("wrong_mac", times=-1)
        assert outcomes(e.run(account_id)) == {"customers": "failed"}
        assert e.account(account_id).state == AccountState.NEEDS_REAUTH
        assert e.run(account_id) == {}
        with house.alice.work() as work, pytest.raises(NotReading):
            request_run(work, account_id=account_id)


def test_what_it_asks_us_to_wait_is_waited(house: House) -> None:
    with engine(house.alice) as e:
        account_id = e.connected()
        e.world.fault("maintenance", times=1)
        e.world.fault("maintenance", times=-1)
        ended = e.run(account_id)
        assert list(outcomes(ended).values()) == ["failed"]
        not_before = e.connection(account_id).not_before
        assert not_before is not None
        assert not_before - e.world.now() > timedelta(minutes=14)
        e.world.desk.faults.clear()
        assert e.run(account_id) == {}
        with house.alice.work() as work:
            request_run(work, account_id=account_id)
            due = work.connection.execute(
                text("SELECT max(run_at) FROM outbox_jobs WHERE name = 'sync.run'")
            ).scalar_one()
        assert due >= not_before
        e.later(minutes=16)
        assert set(outcomes(e.run(account_id)).values()) == {"done"}


def test_a_wish_to_be_left_alone_is_heard_for_all_streams(house: House) -> None:
    with engine(house.alice) as e:
        account_id = e.connected()
        e.world.fault("maintenance", times=-1, resource="salesinvoicelist")
        assert outcomes(e.run(account_id)) == {"customers": "done", "invoices": "failed"}
        assert e.world.desk.counts["productlist"] == 1, "the test call's"
        e.world.desk.faults.clear()
        assert e.run(account_id) == {}
        e.later(minutes=16)
        assert set(outcomes(e.run(account_id))) == {"invoices", "payments", "products"}


FAULTS = {
    "latency": "connected",
    "429": "degraded",
    "500": "degraded",
    "lost_request": "degraded",
    "lost_answer": "degraded",
    "html_page": "error",
    "wrong_mac": "needs_reauth",
    "duplicate_transaction": "degraded",
    "maintenance": "degraded",
    "technical_error": "degraded",
    "service_access": "error",
    "unknown_code": "error",
    "bare_text": "error",
    "malformed_xml": "error",
    "truncated_xml": "error",
    "dtd_attack": "error",
    "empty_answer": "error",
}
"""Where an account ends when a fault stays for an hour."""


@pytest.mark.parametrize(("fault", "state"), FAULTS.items())
def test_every_fault_ends_in_its_state_and_loses_nothing(
    house: House, fault: str, state: str
) -> None:
    with engine(house.alice) as e:
        account_id = e.connected()
        e.run(account_id)
        e.world.desk.books.customers[5].modified_at = e.world.now()
        e.world.fault(fault, times=-1, seconds=0.01)
        for _ in range(4):
            e.later(minutes=65)
            e.run(account_id)
        assert e.account(account_id).state == state
        e.world.desk.faults.clear()
        e.later(days=2)
        assert e.test(account_id).worked
        e.run(account_id)
        _all_is_there(house, e)
        assert e.account(account_id).state == "connected"


def _all_is_there(house: House, e: Engine) -> None:
    books = e.world.desk.books
    assert living(house, "contacts") == len(books.customers)
    assert living(house, "invoices") == len(books.invoices)
    assert living(house, "payments") == len(books.payments)
