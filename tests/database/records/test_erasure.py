"""A person is erased with everything about them; what the law keeps is told."""

import pytest

from connector.accounts.kinds import AccountKind
from connector.contacts.erase import ErasedContact, erase_contact
from connector.synced.shapes import Invoice, Payment, RecordKind, Subscription
from privacy.core import clock
from privacy.core.errors import NotFound
from tests.database.records.books import Books, a_contact, an_account, received
from tests.tenancies import House


@pytest.mark.promise("C2")
def test_everything_about_a_contact_goes_and_vouchers_are_held(house: House) -> None:
    account = an_account(house.alice, AccountKind.MICROSOFT)
    today = clock.now().date()
    for owner in ("c-1", "c-2"):
        for kind, name, record in (
            (RecordKind.CONTACTS, owner, a_contact(name=owner)),
            (RecordKind.SUBSCRIPTIONS, f"s-{owner}", Subscription(customer=owner)),
            (RecordKind.INVOICES, f"i-{owner}", Invoice(number=owner, customer=owner)),
            (RecordKind.PAYMENTS, f"p-{owner}", Payment(invoice_number=owner, paid=today)),
        ):
            books = Books(house.alice, account, kind, stream=kind.value)
            assert books.save(received(name, record)).created == 1
    [(contact_id, _), *_] = house.rows("SELECT id, about_token FROM contacts")
    with house.alice.work() as work:
        done = erase_contact(work, vault=house.vault, contact_id=contact_id)  # type: ignore[arg-type]
    assert done == ErasedContact(2, 2, today.replace(year=today.year + 7, month=1, day=1))
    for table, left in (("contacts", 1), ("subscriptions", 1)):
        assert house.installation.count(table) == left
    for table in ("invoices", "payments"):
        states = sorted(house.rows(f"SELECT state FROM {table}"))
        assert states == [("held",), ("living",)]
    with house.alice.work() as work, pytest.raises(NotFound):
        erase_contact(work, vault=house.vault, contact_id=contact_id)  # type: ignore[arg-type]


@pytest.mark.promise("C2")
def test_what_was_held_before_is_told_and_its_payments_end_as_well(house: House) -> None:
    account = an_account(house.alice, AccountKind.MICROSOFT)
    today = clock.now().date()
    contacts = Books(house.alice, account, RecordKind.CONTACTS, stream="contacts")
    invoices = Books(house.alice, account, RecordKind.INVOICES, stream="invoices")
    payments = Books(house.alice, account, RecordKind.PAYMENTS, stream="payments")
    contacts.save(received("c-1", a_contact()))
    for n in range(3):
        invoices.save(received(f"i-{n}", Invoice(number=f"{n}", customer="c-1", dated=today)))
    assert invoices.remove("i-0", "i-1", "i-2") == 3
    payments.save(received("p-1", Payment(invoice="i-0", paid=today)))
    [(contact_id,)] = house.rows("SELECT id FROM contacts")
    with house.alice.work() as work:
        done = erase_contact(work, vault=house.vault, contact_id=contact_id)  # type: ignore[arg-type]
    assert (done.erased, done.held) == (1, 4)
    assert list(house.rows("SELECT state FROM payments")) == [("held",)]


@pytest.mark.attack(34)
def test_nobody_erases_another_tenants_contact(house: House) -> None:
    Books(house.alice, an_account(house.alice)).save(received("1", a_contact()))
    [(contact_id,)] = house.rows("SELECT id FROM contacts")
    with house.charlie.work() as work, pytest.raises(NotFound):
        erase_contact(work, vault=house.vault, contact_id=contact_id)  # type: ignore[arg-type]
    assert house.installation.count("contacts") == 1
