"""Customers and invoices, out: each exactly once, whatever happens on the way."""

import uuid
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from connector.accounts.change import delete_account
from connector.contacts.shelf import CONTACTS
from connector.contacts.write import Entry, change_contact, create_contact
from connector.http.console.documents.facts import facts_of
from connector.outgoing import send
from connector.outgoing.book_contact import (
    Booking,
    NotToBeBooked,
    StillOnItsWay,
    book_contact,
)
from connector.outgoing.charges import Charge, ChargeLine, bill_charge
from connector.outgoing.find_waiting import enqueue_waiting
from connector.outgoing.forget import forget_documents
from connector.outgoing.list_documents import view_document
from connector.outgoing.models import OutgoingDocument
from connector.outgoing.request import (
    ReferenceTaken,
    Requested,
    find_document,
    retry_document,
    send_customer,
)
from connector.outgoing.send import send_document
from connector.outgoing.shapes import OutgoingCustomer
from connector.synced.read import Listing, list_records
from connector.synced.shapes import Contact
from privacy.core.errors import Invalid, NotFound
from tests.functional.syncs.benches import Engine, engine
from tests.tenancies import House


def a_charge(e: Engine, source: str = "m365-2026-10", **changes: Any) -> Charge:
    customer = str(next(iter(e.world.desk.books.customers)))
    line = ChargeLine(
        code="LIC-M365",
        name="Licence, monthly",
        quantity=Decimal(3),
        unit_price=Decimal("10.80"),
        vat_percent=Decimal("25.5"),
    )
    said: dict[str, Any] = {
        "source": source,
        "customer": customer,
        "since": date(2026, 10, 1),
        "until": date(2026, 10, 31),
        "lines": (line,),
        "dated": date(2026, 11, 2),
    }
    return Charge(**(said | changes))


def ask(e: Engine, account_id: uuid.UUID, charge: Charge) -> Requested:
    with e.tenant.work() as work:
        return bill_charge(work, vault=e.tenant.vault, account_id=account_id, charge=charge)


def document(e: Engine, asked: Requested) -> OutgoingDocument:
    with e.tenant.work() as work:
        return find_document(work, asked.id)


def added(e: Engine, before: int) -> int:
    return len(e.world.desk.books.invoices) - before


def test_a_charge_becomes_an_invoice_once(house: House) -> None:
    with engine(house.alice) as e:
        account_id = e.connected()
        before = len(e.world.desk.books.invoices)
        asked = ask(e, account_id, a_charge(e))
        assert asked.state == "waiting"
        assert ask(e, account_id, a_charge(e)).id == asked.id
        assert send_document(e.station, document_id=asked.id)
        assert not send_document(e.station, document_id=asked.id)
        again = ask(e, account_id, a_charge(e))
        assert (again.id, again.state) == (asked.id, "sent")
        assert added(e, before) == 1
        made = e.world.desk.books.invoices[int(again.external_id or 0)]
        assert [line.quantity for line in made.lines] == [Decimal(3)]
        assert document(e, asked).content_sealed is None
        assert [facts["found"] for _, facts in e.events("document:sent")] == [False]


def test_one_reference_has_one_content(house: House) -> None:
    with engine(house.alice) as e:
        account_id = e.connected()
        ask(e, account_id, a_charge(e))
        with pytest.raises(ReferenceTaken):
            ask(e, account_id, a_charge(e, payment_days=30))
        with pytest.raises(Invalid):
            ask(e, account_id, a_charge(e, source="with a space"))
        with pytest.raises(Invalid):
            ask(e, account_id, a_charge(e, source="empty", lines=()))


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


def test_a_document_waits_for_a_credential(house: House) -> None:
    with engine(house.alice) as e:
        account_id = e.connected()
        asked = ask(e, account_id, a_charge(e))
        e.world.fault("wrong_mac", times=-1)
        assert not send_document(e.station, document_id=asked.id)
        assert e.account(account_id).state == "needs_reauth"
        e.world.desk.faults.clear()
        e.later(hours=1)
        assert not send_document(e.station, document_id=asked.id)
        assert e.test(account_id).worked
        with house.alice.work() as work:
            assert enqueue_waiting(work) == 1
        assert send_document(e.station, document_id=asked.id)


def test_a_customer_is_added_once(house: House) -> None:
    with engine(house.alice) as e:
        account_id = e.connected()
        before = len(e.world.desk.books.customers)
        customer = OutgoingCustomer(code="NEW-1", name="Example New Oy", email="new@example.com")
        with house.alice.work() as work:
            asked = send_customer(
                work,
                vault=house.vault,
                account_id=account_id,
                reference="customer:NEW-1",
                customer=customer,
            )
        e.world.fault("lost_answer", resource="customer")
        assert send_document(e.station, document_id=asked.id)
        assert len(e.world.desk.books.customers) == before + 1


def an_entry(name: str) -> Entry:
    return Entry(Contact(name=name, emails=("pay@example.com",)))


def book(e: Engine, contact_id: uuid.UUID, account_id: uuid.UUID) -> Requested:
    with e.tenant.work() as work:
        return book_contact(
            work,
            vault=e.tenant.vault,
            contact_id=contact_id,
            booking=Booking(account_id, "CLOUD-1"),
        )


def test_a_contact_is_brought_into_books_and_changed_there(house: House) -> None:
    with engine(house.alice) as e:
        account_id, vault = e.connected(), house.vault
        with house.alice.work() as work:
            entry = an_entry("Example Cloud Oy")
            contact_id = create_contact(work, vault=vault, entry=entry)
        before = len(e.world.desk.books.customers)
        asked = book(e, contact_id, account_id)
        with pytest.raises(StillOnItsWay):
            book(e, contact_id, account_id)
        assert send_document(e.station, document_id=asked.id)
        there = int(document(e, asked).external_id or 0)
        same = book(e, contact_id, account_id)
        assert send_document(e.station, document_id=same.id)
        assert book(e, contact_id, account_id).id == same.id, "nothing has changed since"
        with house.alice.work() as work:
            entry = an_entry("Example Renamed Oy")
            change_contact(work, vault=vault, contact_id=contact_id, entry=entry, version=None)
        asked = book(e, contact_id, account_id)
        e.world.fault("lost_answer", resource="customer")
        assert send_document(e.station, document_id=asked.id)
        customer = e.world.desk.books.customers[there]
        assert customer.said("name") == "Example Renamed Oy"
        assert len(e.world.desk.books.customers) == before + 1
        e.run(account_id)
        with house.alice.work() as work:
            listed = list_records(work, vault=vault, shelf=CONTACTS, listing=Listing())
        theirs = next(view for view in listed.records if view.account_id == account_id)
        with pytest.raises(NotToBeBooked):
            book(e, theirs.id, account_id)


def test_nothing_of_it_lies_open(house: House) -> None:
    with engine(house.alice) as e:
        account_id = e.connected()
        ask(e, account_id, a_charge(e))
        with house.installation.superuser().connect() as connection:
            told = str(connection.execute(text("SELECT * FROM outgoing_documents")).all())
            told += str(connection.execute(text("SELECT payload FROM outbox_jobs")).all())
        assert "Licence" not in told
        with house.alice.work() as work:
            delete_account(work, account_id=account_id)
        assert house.installation.count("outgoing_documents") == 0


def test_what_is_being_sent_ends_after_its_sending(house: House) -> None:
    with engine(house.alice) as e:
        account_id = e.connected()
        ask(e, account_id, a_charge(e))
        with house.alice.work() as work:
            work.connection.execute(text("UPDATE outgoing_documents SET state = 'sending'"))
            delete_account(work, account_id=account_id)
        assert house.installation.count("outgoing_documents") == 1
        with house.alice.work() as work:
            assert forget_documents(work) == 1
        assert house.installation.count("outgoing_documents") == 0


@pytest.mark.attack(34)
def test_charlie_sends_nothing_of_alices(house: House) -> None:
    with engine(house.alice) as e, engine(house.charlie) as c:
        account_id = e.connected()
        asked = ask(e, account_id, a_charge(e))
        with pytest.raises(NotFound):
            send_document(c.station, document_id=asked.id)
        with pytest.raises(NotFound):
            ask(c, account_id, a_charge(e))
