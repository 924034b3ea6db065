"""Financial data outlives the rest by exactly what the law obliges to, and not by a day more."""

from datetime import date, timedelta

import pytest

from connector.accounts.change import delete_account
from connector.accounts.kinds import AccountKind
from connector.invoices.shelf import INVOICES
from connector.payments.shelf import PAYMENTS
from connector.synced.end import erase_held
from connector.synced.read import Listing, list_records, view_record
from connector.synced.shapes import Address, Invoice, Payer, Payment, RecordKind
from connector.synced.views import RecordView
from privacy.core import clock
from tests.database.records.books import Books, a_contact, an_account, received
from tests.tenancies import House

PAYER = Payer(name="Robin Example", address=Address(city="Espoo"), reference="1234561")


def an_invoice(**given: object) -> Invoice:
    """Of today, unless `given` says otherwise."""
    values: dict[str, object] = {
        "number": "1001",
        "dated": clock.now().date(),
        "customer": "c-1",
        "customer_name": "Example Ltd",
        "payer": PAYER,
    }
    return Invoice(**(values | given))  # type: ignore[arg-type]


@pytest.fixture
def books(house: House) -> Books:
    """Alice's invoices at Microsoft: a profile that is obliged to keep them."""
    account = an_account(house.alice, AccountKind.MICROSOFT)
    return Books(house.alice, account, RecordKind.INVOICES, stream="invoices")


def held(house: House) -> list[RecordView[Invoice]]:
    with house.alice.work() as work:
        listing = Listing(held=True)
        return list_records(work, vault=house.vault, shelf=INVOICES, listing=listing).records


def living(house: House) -> list[RecordView[Invoice]]:
    with house.alice.work() as work:
        return list_records(work, vault=house.vault, shelf=INVOICES, listing=Listing()).records


@pytest.mark.promise("B3")
def test_a_removed_invoice_is_held_with_its_accounting_facts_only(
    house: House, books: Books
) -> None:
    books.save(received("1", an_invoice(), document=b'{"number": "1001"}'))
    assert books.remove("1") == 1
    assert books.remove("1") == 0
    assert living(house) == []
    [view] = held(house)
    assert view.hold_until == date(clock.now().year + 7, 1, 1)
    assert (view.record.number, view.record.customer_name) == ("1001", "Example Ltd")
    assert view.record.payer is None
    assert view.record.customer == ""
    assert list(house.rows("SELECT document_sealed FROM invoices")) == [(None,)]


@pytest.mark.promise("B3")
def test_what_no_law_obliges_to_keep_goes_at_once(house: House, books: Books) -> None:
    books.save(received("1", an_invoice(dated=date(2011, 5, 1))))
    assert books.remove("1") == 1
    assert house.installation.count("invoices") == 0


@pytest.mark.promise("B3")
def test_the_sweep_erases_on_the_first_free_day_and_not_before(house: House, books: Books) -> None:
    books.save(received("1", an_invoice()))
    books.remove("1")
    free = date(clock.now().year + 7, 1, 1)
    left = (free - clock.now().date()).days
    for days, erased in ((left - 1, 0), (left, 1), (left, 0)):
        try:
            clock.set_offset(timedelta(days=days))
            with house.alice.work() as work:
                assert erase_held(work) == erased
        finally:
            clock.set_offset(timedelta())
    assert house.installation.count("invoices") == 0


@pytest.mark.promise("B4")
def test_the_end_of_an_account_ends_its_records(house: House, books: Books) -> None:
    account = books.account
    Books(house.alice, account).save(received("c-1", a_contact()))
    payments = Books(house.alice, account, RecordKind.PAYMENTS, stream="payments")
    payments.save(received("p-1", Payment(invoice="1", payer=PAYER)))
    books.save(received("1", an_invoice()))
    other = Books(house.alice, an_account(house.alice))
    other.save(received("c-1", a_contact()))
    with house.alice.work() as work:
        delete_account(work, account_id=account.id)
    assert house.installation.count("contacts") == 1
    assert [view.record.number for view in held(house)] == ["1001"]
    with house.alice.work() as work:
        page = list_records(work, vault=house.vault, shelf=PAYMENTS, listing=Listing(held=True))
    assert [view.record.payer for view in page.records] == [None]


@pytest.mark.promise("B4")
def test_a_copy_that_is_no_voucher_is_not_held(house: House) -> None:
    """Netvisor keeps the books itself: its profile declares no obligation."""
    copies = Books(house.alice, an_account(house.alice), RecordKind.INVOICES, stream="invoices")
    copies.save(received("1", an_invoice(payer=None)))
    assert copies.remove("1") == 1
    assert house.installation.count("invoices") == 0


def test_an_invoice_that_comes_back_is_in_use_again(house: House, books: Books) -> None:
    books.save(received("1", an_invoice()))
    books.remove("1")
    assert books.save(received("1", an_invoice())).changed == 1
    [view] = living(house)
    assert view.record.payer == PAYER
    with house.alice.work() as work:
        again = view_record(work, vault=house.vault, shelf=INVOICES, record_id=view.id)
    assert again.version == 2
