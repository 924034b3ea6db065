"""Erasure that lasts: who was erased is not brought back by a system that still has them."""

import uuid
from typing import Any

import pytest

from connector.accounts.kinds import AccountKind
from connector.contacts.erase import erase_contact
from connector.synced.erasures.lift import forget_erasures, lift_erasure, list_erasures
from connector.synced.shapes import Invoice, Payment, RecordKind, Subscription
from privacy.core import clock
from privacy.core.errors import NotFound
from privacy.core.ids import new_id
from tests.database.records.books import Books, a_contact, an_account, received
from tests.tenancies import House

_TABLES = ("contacts", "subscriptions", "invoices", "payments")


class Shelves:
    """One account that brings two customers, with all that is theirs, as often as one wants."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.account = an_account(house.alice, AccountKind.MICROSOFT)

    def bring(self, *owners: str, paid: str = "number") -> tuple[int, int]:
        """How much was new or changed, and how much was refused."""
        today, written, refused = clock.now().date(), 0, 0
        for owner in owners:
            things: list[tuple[RecordKind, str, Any]] = [
                (RecordKind.CONTACTS, owner, a_contact(name=owner)),
                (RecordKind.SUBSCRIPTIONS, f"s-{owner}", Subscription(customer=owner)),
                (RecordKind.INVOICES, f"i-{owner}", Invoice(number=f"n-{owner}", customer=owner)),
                (RecordKind.PAYMENTS, f"p-{owner}", self._payment(owner, paid, today)),
            ]
            for kind, name, record in things:
                books = Books(self.house.alice, self.account, kind, stream=kind.value)
                saved = books.save(received(name, record), sweep=new_id())
                written += saved.created + saved.changed
                refused += saved.refused
        return written, refused

    def _payment(self, owner: str, paid: str, today: Any) -> Payment:
        if paid == "number":
            return Payment(invoice_number=f"n-{owner}", paid=today)
        return Payment(invoice=f"i-{owner}", paid=today)

    def erase(self, name: str) -> uuid.UUID:
        ids = set(self.house.rows("SELECT id FROM contacts"))
        self.bring(name)
        [(contact_id,)] = set(self.house.rows("SELECT id FROM contacts")) - ids
        assert isinstance(contact_id, uuid.UUID)
        with self.house.alice.work() as work:
            erase_contact(work, vault=self.house.vault, contact_id=contact_id)
        return contact_id

    def states(self) -> dict[str, list[str]]:
        return {
            table: sorted(str(s) for (s,) in self.house.rows(f"SELECT state FROM {table}"))
            for table in _TABLES
        }


@pytest.mark.promise("C2")
@pytest.mark.parametrize("paid", ["number", "id"])
def test_who_was_erased_does_not_come_back(house: House, paid: str) -> None:
    shelves = Shelves(house)
    shelves.bring("c-2", paid=paid)
    shelves.erase("c-1")
    before = shelves.states()
    assert before == {
        "contacts": ["living"],
        "subscriptions": ["living"],
        "invoices": ["held", "living"],
        "payments": ["held", "living"],
    }
    assert shelves.bring("c-1", "c-2", paid=paid) == (0, 4)
    assert shelves.states() == before


@pytest.mark.promise("C2")
def test_neither_does_what_is_new_about_them(house: House) -> None:
    shelves = Shelves(house)
    shelves.erase("c-1")
    invoices = Books(house.alice, shelves.account, RecordKind.INVOICES, stream="invoices")
    payments = Books(house.alice, shelves.account, RecordKind.PAYMENTS, stream="payments")
    later = Invoice(number="later", customer="c-1")
    assert invoices.save(received("i-later", later)).refused == 1
    assert payments.save(received("p-later", Payment(invoice_number="later"))).refused == 1
    assert payments.save(received("p-other", Payment(invoice_number="other"))).created == 1


def test_somebody_can_lift_it(house: House) -> None:
    shelves = Shelves(house)
    contact_id = shelves.erase("c-1")
    with house.alice.work() as work:
        [erasure] = list_erasures(work)
        assert (erasure.contact_id, erasure.account_id) == (contact_id, shelves.account.id)
        lift_erasure(work, contact_id=contact_id)
        assert list_erasures(work) == []
    assert shelves.bring("c-1") == (4, 0)
    assert {state for table in shelves.states().values() for state in table} == {"living"}
    with house.alice.work() as work, pytest.raises(NotFound):
        lift_erasure(work, contact_id=contact_id)


@pytest.mark.attack(34)
def test_nobody_lifts_or_sees_anothers(house: House) -> None:
    contact_id = Shelves(house).erase("c-1")
    with house.charlie.work() as work:
        assert list_erasures(work) == []
        with pytest.raises(NotFound):
            lift_erasure(work, contact_id=contact_id)


def test_a_system_that_is_gone_has_nothing_to_be_remembered(house: House) -> None:
    shelves = Shelves(house)
    shelves.erase("c-1")
    with house.alice.work() as work:
        forget_erasures(work, account_id=shelves.account.id)
    assert house.installation.count("erased_records") == 0
