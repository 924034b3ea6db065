"""Customers, contacts and invoices, out: each exactly once, and nothing of it lies open."""

import uuid
from decimal import Decimal

import pytest
from sqlalchemy import text

from connector.accounts.change import delete_account
from connector.contacts.shelf import CONTACTS
from connector.contacts.write import Entry, change_contact, create_contact
from connector.outgoing.book_contact import (
    Booking,
    NotToBeBooked,
    StillOnItsWay,
    book_contact,
)
from connector.outgoing.find_waiting import enqueue_waiting
from connector.outgoing.forget import forget_documents
from connector.outgoing.request import (
    ReferenceTaken,
    Requested,
    send_customer,
)
from connector.outgoing.send import send_document
from connector.outgoing.shapes import OutgoingCustomer
from connector.synced.read import Listing, list_records
from connector.synced.shapes import Contact
from privacy.core.errors import Invalid, NotFound
from tests.functional.syncs.benches import Engine, engine
from tests.functional.syncs.charges import a_charge, added, ask, document
from tests.tenancies import House


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
