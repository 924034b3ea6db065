"""What is sent to systems, in the console: charged on once, listed, tried again; erased, lifted."""

import uuid
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from connector.accounts.kinds import AccountKind
from connector.accounts.refs import AccountRef
from connector.outgoing.contents import open_content
from connector.outgoing.request import find_document
from connector.outgoing.shapes import OutgoingInvoice
from connector.synced.shapes import Invoice, InvoiceLine, RecordKind
from tests.database.records.books import Books, a_contact, an_account, received
from tests.functional.console.town import Browser, Town
from tests.tenancies import Tenancy


@pytest.fixture(scope="module")
def tenancy(town: Town) -> Tenancy:
    return town.tenancy(town.alices)


@pytest.fixture(scope="module")
def books(tenancy: Tenancy) -> AccountRef:
    account = an_account(tenancy)
    customer = received("501", a_contact(name="Harbour Oy", code="C-88"))
    assert Books(tenancy, account).save(customer).created == 1
    return account


@pytest.fixture
def cloud(tenancy: Tenancy) -> AccountRef:
    return an_account(tenancy, AccountKind.MICROSOFT)


def an_invoice(town: Town, tenancy: Tenancy, cloud: AccountRef) -> uuid.UUID:
    line = InvoiceLine(text="Licences", quantity=Decimal(4), amount=Decimal("43.20"))
    invoice = Invoice(number=str(uuid.uuid4()), customer="1", currency="EUR", lines=(line,))
    shelf = Books(tenancy, cloud, RecordKind.INVOICES, stream="invoices")
    before = _ids(town, "invoices")
    assert shelf.save(received(invoice.number, invoice)).created == 1
    [made] = _ids(town, "invoices") - before
    return made


def _ids(town: Town, table: str) -> set[uuid.UUID]:
    with town.house.installation.superuser().connect() as connection:
        return set(connection.execute(text(f"SELECT id FROM {table}")).scalars())


@pytest.fixture
def browser(town: Town) -> Browser:
    return town.browser(town.alice)


def test_an_invoice_is_charged_on_once_also_when_clicked_twice(
    town: Town, tenancy: Tenancy, books: AccountRef, cloud: AccountRef, browser: Browser
) -> None:
    page = f"/invoices/{an_invoice(town, tenancy, cloud)}"
    assert "Charge it on" in browser.get(page).text
    typed: dict[str, Any] = {
        "account_id": str(books.id),
        "customer_code": "C-88",
        "product_code": "LIC",
        "vat_percent": "0",
        "vat_code": " eumy ",
    }
    before = _ids(town, "outgoing_documents")
    wrong = browser.post(f"{page}/bill", **typed | {"customer_code": "C-99"})
    assert wrong.status_code == 422
    assert "No customer of those books has this number." in wrong.text
    for bad in ({"vat_percent": "x"}, {"vat_code": "no code"}, {"vat_percent": "25.5"}):
        assert browser.post(f"{page}/bill", **typed | bad).status_code == 422
    assert _ids(town, "outgoing_documents") == before
    for again in (dict[str, Any](), {"vat_percent": "24"}):
        assert browser.post(f"{page}/bill", **typed | again).status_code == 302
    [made] = _ids(town, "outgoing_documents") - before
    with tenancy.work() as work:
        thing = open_content(work, tenancy.vault, find_document(work, made))
    assert isinstance(thing, OutgoingInvoice)
    assert (thing.customer, thing.currency) == ("501", "EUR")
    [line] = thing.lines
    assert (line.quantity, line.unit_price) == (Decimal(4), Decimal("10.8"))
    assert (line.product_code, line.vat_percent) == ("LIC", Decimal(0))
    assert line.vat_code == "EUMY"
    shown = browser.get(page).text
    assert "Charged on as" in shown
    assert "Invoice this" not in shown
    assert "Waiting" in browser.get("/documents").text


def test_a_sales_invoice_of_the_books_is_not_charged_on(
    town: Town, tenancy: Tenancy, books: AccountRef, browser: Browser
) -> None:
    page = f"/invoices/{an_invoice(town, tenancy, books)}"
    assert "Charge it on" not in browser.get(page).text
    assert browser.post(f"{page}/bill", account_id=str(books.id)).status_code == 422


def test_what_failed_is_tried_again_by_those_who_may(
    town: Town, tenancy: Tenancy, books: AccountRef, cloud: AccountRef, browser: Browser
) -> None:
    page = f"/invoices/{an_invoice(town, tenancy, cloud)}"
    browser.get(page)
    before = _ids(town, "outgoing_documents")
    typed: dict[str, Any] = {
        "account_id": str(books.id),
        "customer_code": "C-88",
        "product_code": "LIC",
    }
    browser.post(f"{page}/bill", **typed, vat_percent="0")
    [made] = _ids(town, "outgoing_documents") - before
    with tenancy.work() as work:
        row = find_document(work, made)
        row.state, row.failure_text = "failed", "Change something there."
    listed = browser.get("/documents?state=failed").text
    assert "Change something there." in listed
    assert f"/documents/{made}/retry" in listed
    agent = town.browser(town.agent)
    agent.get("/me")
    assert agent.post(f"/documents/{made}/retry").status_code == 403
    assert browser.post(f"/documents/{made}/retry").status_code == 302
    with tenancy.work() as work:
        assert find_document(work, made).state == "waiting"
    for query in ("state=waiting", "state=doubtful", "state=sent", f"after={made}"):
        assert browser.get(f"/documents?{query}").status_code == 200
    for query in ("state=x", "after=x"):
        assert browser.get(f"/documents?{query}").status_code == 422


@pytest.mark.promise("C2")
def test_a_contact_of_a_system_is_erased_lastingly_and_can_be_let_back(
    town: Town, tenancy: Tenancy, cloud: AccountRef, browser: Browser
) -> None:
    shelf, before = Books(tenancy, cloud), _ids(town, "contacts")
    contact = received("erase-me", a_contact(name="Vanishing Ltd"))
    shelf.save(contact)
    [made] = _ids(town, "contacts") - before
    assert "Erase it there as well." in browser.get(f"/contacts/{made}").text
    assert browser.post(f"/contacts/{made}/delete").status_code == 302
    assert shelf.save(contact).refused == 1
    page = browser.get("/contacts/erased").text
    assert str(made) in page
    assert "Vanishing" not in page
    assert browser.post(f"/contacts/{made}/lift").status_code == 302
    assert shelf.save(contact).created == 1


def test_a_contact_is_brought_into_books_from_its_page(
    town: Town, tenancy: Tenancy, books: AccountRef, cloud: AccountRef, browser: Browser
) -> None:
    before = _ids(town, "contacts")
    found = received(str(uuid.uuid4()), a_contact(name="Cloud Customer Oy"))
    assert Books(tenancy, cloud).save(found).created == 1
    [contact_id] = _ids(town, "contacts") - before
    path = f"/contacts/{contact_id}"
    assert "Bring into books" in browser.get(path).get_data(as_text=True)
    empty = browser.post(f"{path}/book", account_id=str(books.id), code="")
    assert empty.status_code == 422
    assert "customer’s number" in empty.get_data(as_text=True)
    for status in (302, 409):
        sent = browser.post(f"{path}/book", account_id=str(books.id), code="CL-1")
        assert sent.status_code == status
    assert "still being added" in sent.get_data(as_text=True)
    assert "on its way" in browser.get(path).get_data(as_text=True)
    theirs = browser.post(f"{path}/book", account_id=str(cloud.id), code="CL-1")
    assert theirs.status_code == 422
