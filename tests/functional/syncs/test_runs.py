"""Streams, read through everything that goes wrong: nothing lost, nothing twice."""

import threading
import uuid
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from connector.accounts.change import delete_account, pause_account, resume_account
from connector.accounts.states import AccountState
from connector.synced.shapes import RecordKind
from connector.syncs import save_page
from connector.syncs.find_due import enqueue_due_streams, enqueue_probes
from connector.syncs.locks import Busy
from connector.syncs.run_account import run_account
from connector.syncs.streams import NotReading, declares, pause_stream, request_run, resume_stream
from privacy.core.errors import NotFound
from tests.functional.syncs.benches import Engine, engine
from tests.tenancies import House


def outcomes(ended: dict[str, Any]) -> dict[str, str]:
    return {name: each.outcome.value for name, each in ended.items()}


def living(house: House, table: str) -> int:
    [(count,)] = house.rows(f"SELECT count(*) FROM {table} WHERE state = 'living'")
    return int(str(count))


def test_a_first_run_brings_everything_and_says_so(house: House) -> None:
    with engine(house.alice, customers=120) as e:
        account_id = e.connected()
        assert set(outcomes(e.run(account_id)).values()) == {"done"}
        books = e.world.desk.books
        assert living(house, "contacts") == len(books.customers)
        assert living(house, "invoices") == len(books.invoices)
        assert living(house, "payments") == len(books.payments)
        assert living(house, "products") == len(books.products)
        runs = {run.stream: run for run in e.runs()}
        customers = runs["customers"]
        assert (customers.mode, customers.pages, customers.created) == ("full", 2, 120)
        assert (customers.estimated, customers.removed, customers.refused) == (120, 0, 0)
        assert len(e.events("sync:finished")) == 4
        row = e.streams(account_id)["customers"]
        assert row.run_id is None
        assert row.sweep_id is None
        assert row.next_due_at is not None
        assert e.run(account_id) == {}


def test_a_second_run_finds_changes_and_nothing_else(house: House) -> None:
    with engine(house.alice) as e:
        account_id = e.connected()
        e.run(account_id)
        e.later(hours=6)
        e.world.desk.books.customers[5].modified_at = e.world.now()
        e.world.desk.books.customers[5].groups["customerbaseinformation"]["city"] = "Oulu"
        gone = next(iter(e.world.desk.books.invoices))
        e.world.desk.books.delete_invoice(gone, e.world.now())
        assert set(outcomes(e.run(account_id)).values()) == {"done"}
        last = {run.stream: run for run in e.runs()[-4:]}
        assert (last["customers"].mode, last["customers"].changed) == ("incremental", 1)
        assert last["customers"].created == 0
        assert last["invoices"].removed == 1


def test_a_killed_run_goes_on_where_it_stopped(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    with engine(house.alice, customers=450) as e:
        account_id = e.connected()
        real, pages = save_page._keep, 0

        def dies(*given: Any) -> Any:
            nonlocal pages
            pages += 1
            saved = real(*given)
            if pages == 3:
                raise KeyboardInterrupt
            return saved

        monkeypatch.setattr(save_page, "_keep", dies)
        with pytest.raises(KeyboardInterrupt):
            e.run(account_id)
        monkeypatch.setattr(save_page, "_keep", real)
        assert living(house, "contacts") == 200
        assert e.streams(account_id)["customers"].sweep_id is not None
        before = e.world.desk.counts["getcustomer"]
        assert set(outcomes(e.run(account_id)).values()) == {"done"}
        assert e.world.desk.counts["getcustomer"] - before == 3
        assert living(house, "contacts") == 450
        told = [(run.outcome, run.created) for run in e.runs() if run.stream == "customers"]
        assert told == [("interrupted", 200), ("done", 250)]


def test_a_process_that_vanished_leaves_a_run_that_is_buried(house: House) -> None:
    with engine(house.alice) as e:
        account_id = e.connected()
        e.run(account_id)
        with house.installation.superuser().begin() as connection:
            connection.execute(
                text(
                    "UPDATE sync_runs SET outcome = 'running', ended_at = NULL "
                    "WHERE stream = 'products'"
                )
            )
            connection.execute(
                text(
                    "UPDATE account_streams s SET next_due_at = now(), run_id = r.id "
                    "FROM sync_runs r WHERE r.stream = s.stream AND s.stream = 'products'"
                )
            )
        assert outcomes(e.run(account_id)) == {"products": "done"}
        told = [run.outcome for run in e.runs() if run.stream == "products"]
        assert told == ["interrupted", "done"]


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


def test_paused_streams_and_accounts_are_left_alone(house: House) -> None:
    with engine(house.alice) as e:
        account_id = e.connected()
        with house.alice.work() as work:
            pause_stream(work, account_id=account_id, stream="payments")
        assert "payments" not in outcomes(e.run(account_id))
        with house.alice.work() as work:
            resume_stream(work, account_id=account_id, stream="payments")
        assert outcomes(e.run(account_id)) == {"payments": "done"}
        with house.alice.work() as work:
            pause_account(work, account_id=account_id)
        e.later(hours=7)
        assert e.run(account_id) == {}
        with house.alice.work() as work:
            resume_account(work, account_id=account_id)
        assert e.account(account_id).state == AccountState.TESTING
        assert e.test(account_id, asked=False).worked
        assert len(e.run(account_id)) == 4


def test_a_pause_stops_a_run_after_its_page(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    with engine(house.alice, customers=250) as e:
        account_id = e.connected()
        real = save_page._keep

        def pauses(*given: Any) -> Any:
            row = given[4]
            if row.stream == "customers":
                row.paused = True
            return real(*given)

        monkeypatch.setattr(save_page, "_keep", pauses)
        assert outcomes(e.run(account_id))["customers"] == "stopped"
        monkeypatch.setattr(save_page, "_keep", real)
        assert living(house, "contacts") == 100
        with house.alice.work() as work:
            resume_stream(work, account_id=account_id, stream="customers")
        assert outcomes(e.run(account_id)) == {"customers": "done"}
        assert living(house, "contacts") == 250


@pytest.mark.promise("B4")
def test_an_account_that_is_deleted_during_a_page_leaves_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    with engine(house.alice, customers=250) as e:
        account_id, real = e.connected(), save_page._keep

        def delete() -> None:
            with house.alice.work() as work:
                delete_account(work, account_id=account_id)

        deleting = threading.Thread(target=delete)

        def keeps(*given: Any) -> Any:
            if given[4].stream == "customers" and deleting.ident is None:
                deleting.start()
                deleting.join(1.0)
                assert deleting.is_alive(), "it waits for the page"
            return real(*given)

        monkeypatch.setattr(save_page, "_keep", keeps)
        with suppress(NotFound):
            e.run(account_id)
        deleting.join(30.0)
        assert living(house, "contacts") == 0


def test_a_full_run_finds_what_was_deleted_without_a_word(house: House) -> None:
    with engine(house.alice) as e:
        account_id = e.connected()
        e.run(account_id)
        del e.world.desk.books.customers[5]
        with house.alice.work() as work:
            request_run(work, account_id=account_id, stream="customers", full=True)
        assert outcomes(e.run(account_id)) == {"customers": "done"}
        last = e.runs()[-1]
        assert (last.mode, last.removed, last.unchanged) == ("full", 1, 11)


def test_two_at_once_are_one(house: House) -> None:
    with engine(house.alice) as e:
        account_id = e.connected()
        e.world.fault("latency", times=1, seconds=1.0)
        found: list[object] = []

        def second() -> None:
            try:
                run_account(e.station, account_id=account_id)
            except Busy as busy:
                found.append(busy)

        other = threading.Timer(0.4, second)
        other.start()
        assert len(e.run(account_id)) == 4
        other.join()
        assert len(found) == 1
        assert len(e.runs()) == 4


def test_what_is_due_becomes_one_job_a_slot(house: House) -> None:
    with engine(house.alice) as e:
        account_id = e.connected()
        with house.alice.work() as work:
            assert enqueue_due_streams(work) == 1
        with house.charlie.work() as work:
            assert enqueue_due_streams(work) == 0
        e.run(account_id)
        with house.alice.work() as work:
            assert enqueue_due_streams(work) == 0
            assert enqueue_probes(work) == 0
        e.later(hours=7)
        with house.alice.work() as work:
            assert enqueue_due_streams(work) == 1
            assert enqueue_probes(work) == 1
            jobs = "SELECT count(*) FROM outbox_jobs WHERE dedupe_key LIKE 'sync.run%'"
            before = work.connection.execute(text(jobs)).scalar_one()
            assert enqueue_due_streams(work) == 1
            assert work.connection.execute(text(jobs)).scalar_one() == before


def test_a_stream_that_the_profile_does_not_declare_is_not_read(house: House) -> None:
    assert not declares("M", RecordKind.CALLS)
    assert not declares("N", RecordKind.CALLS)
    assert declares("T", RecordKind.CALLS)
    assert declares("N", RecordKind.PRODUCTS)


@pytest.mark.attack(34)
def test_charlie_has_nothing_to_pause_or_run(house: House) -> None:
    with engine(house.alice) as e:
        account_id = e.connected()
        for act in (pause_stream, resume_stream):
            with house.charlie.work() as work, pytest.raises(NotFound):
                act(work, account_id=account_id, stream="customers")
        with house.charlie.work() as work, pytest.raises(NotFound):
            request_run(work, account_id=account_id)
        with house.charlie.work() as work, pytest.raises(NotFound):
            request_run(work, account_id=uuid.uuid4())


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
