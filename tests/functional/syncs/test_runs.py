"""Streams, run after run: nothing lost, nothing twice, two at once are one."""

import threading
import uuid
from typing import Any

import pytest
from sqlalchemy import text

from connector.synced.shapes import RecordKind
from connector.syncs import save_page
from connector.syncs.find_due import enqueue_due_streams, enqueue_probes
from connector.syncs.locks import Busy
from connector.syncs.run_account import run_account
from connector.syncs.streams import declares, pause_stream, request_run, resume_stream
from privacy.core.errors import NotFound
from tests.functional.syncs.benches import engine
from tests.functional.syncs.counts import living, outcomes
from tests.tenancies import House


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
