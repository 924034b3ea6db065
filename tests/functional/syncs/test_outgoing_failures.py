"""What is sent and fails: looked for, tried again, parked or refused, and in the books once."""

from typing import Any

import pytest

from connector.http.console.documents.facts import facts_of
from connector.outgoing import send
from connector.outgoing.find_waiting import enqueue_waiting
from connector.outgoing.list_documents import view_document
from connector.outgoing.request import (
    find_document,
    retry_document,
)
from connector.outgoing.send import send_document
from tests.functional.syncs.benches import engine
from tests.functional.syncs.charges import a_charge, added, ask, document
from tests.tenancies import House


@pytest.mark.parametrize(
    "fault", ["lost_answer", "malformed_xml", "truncated_xml", "empty_answer", "lost_request"]
)
def test_a_lost_answer_makes_no_second_invoice(house: House, fault: str) -> None:
    with engine(house.alice) as e:
        account_id = e.connected()
        before = len(e.world.desk.books.invoices)
        asked = ask(e, account_id, a_charge(e))
        e.world.fault(fault, resource="salesinvoice")
        assert send_document(e.station, document_id=asked.id)
        assert added(e, before) == 1


def test_when_nobody_can_look_it_is_looked_for_later(house: House) -> None:
    with engine(house.alice) as e:
        account_id = e.connected()
        before = len(e.world.desk.books.invoices)
        asked = ask(e, account_id, a_charge(e))
        e.world.fault("lost_answer", resource="salesinvoice")
        e.world.fault("500", times=-1, resource="salesinvoicelist")
        assert not send_document(e.station, document_id=asked.id)
        row = document(e, asked)
        assert (row.state, row.maybe_done) == ("waiting", True)
        assert added(e, before) == 1
        e.world.desk.faults.clear()
        assert not send_document(e.station, document_id=asked.id), "too soon to look"
        e.later(hours=2)
        assert send_document(e.station, document_id=asked.id)
        assert added(e, before) == 1
        assert [facts["found"] for _, facts in e.events("document:sent")] == [True]


@pytest.mark.parametrize("arrived", [True, False])
def test_a_process_that_dies_while_sending_makes_no_second_invoice(
    house: House, monkeypatch: pytest.MonkeyPatch, arrived: bool
) -> None:
    with engine(house.alice) as e:
        account_id = e.connected()
        before = len(e.world.desk.books.invoices)
        asked = ask(e, account_id, a_charge(e))
        real = send._add

        def dies(*given: Any) -> Any:
            if arrived:
                real(*given)
            raise KeyboardInterrupt

        monkeypatch.setattr(send, "_add", dies)
        with pytest.raises(KeyboardInterrupt):
            send_document(e.station, document_id=asked.id)
        monkeypatch.setattr(send, "_add", real)
        assert (document(e, asked).state, added(e, before)) == ("sending", int(arrived))
        assert not send_document(e.station, document_id=asked.id), "too soon to look"
        e.later(minutes=5)
        assert send_document(e.station, document_id=asked.id)
        assert added(e, before) == 1


def waiting_jobs(house: House) -> int:
    jobs = "SELECT count(*) FROM outbox_jobs WHERE name = 'outgoing.send'"
    return sum(int(str(row[0])) for row in house.rows(jobs))


def test_attempts_are_one_chain_whoever_rings(house: House) -> None:
    """A second job for the same document, at any moment, adds neither attempts nor jobs."""
    with engine(house.alice) as e:
        account_id = e.connected()
        asked = ask(e, account_id, a_charge(e))
        e.world.fault("500", times=-1)
        for hours in (1, 2, 3):
            for _ in range(2):
                send_document(e.station, document_id=asked.id)
            with house.alice.work() as work:
                enqueue_waiting(work)
            assert document(e, asked).attempts == hours
            assert waiting_jobs(house) == 1 + hours
            e.later(hours=hours * 2)
        with house.alice.work() as work:
            assert enqueue_waiting(work) == 1


def test_an_error_of_ours_ends_and_can_be_tried_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    with engine(house.alice) as e:
        account_id = e.connected()
        before = len(e.world.desk.books.invoices)
        asked = ask(e, account_id, a_charge(e))
        real, tried = send._add, []

        def breaks(*given: Any) -> Any:
            tried.append(given)
            raise KeyError("words that nobody shall read")

        monkeypatch.setattr(send, "_add", breaks)
        for _ in range(send.MOST_BROKEN + 3):
            send_document(e.station, document_id=asked.id)
            e.later(hours=len(tried) * 8)
        row = document(e, asked)
        assert (len(tried), row.state) == (send.MOST_BROKEN, "failed")
        assert (row.failure_code, row.failure_text) == ("sending_broke", send.SendingBroke.message)
        with house.alice.work() as work:
            assert enqueue_waiting(work) == 0
            view = view_document(work, document_id=asked.id)
            assert view.can_retry
            assert send.SendingBroke.message in facts_of(view, {account_id: "Books"}).text
            retry_document(work, document_id=asked.id)
        monkeypatch.setattr(send, "_add", real)
        assert send_document(e.station, document_id=asked.id)
        assert added(e, before) == 1


def test_what_kills_its_process_each_time_is_parked(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    with engine(house.alice) as e:
        asked = ask(e, e.connected(), a_charge(e))
        with house.alice.work() as work:
            find_document(work, asked.id).attempts = send.MOST_ATTEMPTS
        assert not send_document(e.station, document_id=asked.id)
        row = document(e, asked)
        assert (row.state, row.failure_code) == ("failed", "tried_too_often")
        assert row.content_sealed is not None


def test_what_the_system_refuses_fails_and_can_be_sent_again(house: House) -> None:
    with engine(house.alice) as e:
        account_id = e.connected()
        asked = ask(e, account_id, a_charge(e))
        e.world.fault("period_lock", resource="salesinvoice")
        assert not send_document(e.station, document_id=asked.id)
        row = document(e, asked)
        assert (row.state, row.failure_code) == ("failed", "netvisor_period_lock")
        assert len(e.events("document:failed")) == 1
        with house.alice.work() as work:
            retry_document(work, document_id=asked.id)
        e.later(minutes=5)
        assert send_document(e.station, document_id=asked.id)
