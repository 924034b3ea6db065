"""Contacts, invoices and subscriptions in the console: found, read, entered, changed, erased."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from connector.accounts.kinds import AccountKind
from connector.calls.ingest import ingest_calls
from connector.contacts.write import Entry, create_contact
from connector.synced.shapes import (
    Contact,
    Invoice,
    InvoiceLine,
    Payment,
    Product,
    RecordKind,
    Subscription,
)
from privacy.identities.people import Person
from privacy.profiles.parts import Objection
from tests.database.records.books import Books, a_contact, an_account, received
from tests.database.registers.people import object_to
from tests.factories import a_call
from tests.functional.console.town import Browser, Town
from tests.tenancies import Tenancy

ENTRY: dict[str, Any] = {
    "name": "Harbour & Sons",
    "contact_person": "Robin Harbour",
    "phones": "+1 202-555-0177\n+1 202-555-0178",
    "emails": "robin@harbour.example.com",
    "city": "Turku",
    "country": "FI",
    "source": "given_by_customer",
}


@pytest.fixture(scope="module")
def tenancy(town: Town) -> Tenancy:
    return town.tenancy(town.alices)


@pytest.fixture(scope="module")
def browser(town: Town) -> Browser:
    return town.browser(town.alice)


@pytest.fixture(scope="module")
def books(tenancy: Tenancy) -> Books:
    """A customer in Partner Center with an invoice, a payment and a subscription."""
    account = an_account(tenancy, AccountKind.MICROSOFT)
    books = Books(tenancy, account)
    books.save(received("c-1", a_contact(name="Fjord Ferries", vat_id="FI20774741")))
    for kind, record in {
        RecordKind.INVOICES: Invoice(
            number="2026-77",
            dated=date(2026, 11, 1),
            customer="c-1",
            customer_name="Fjord Ferries",
            total=Decimal("1240.5"),
            currency="EUR",
            lines=(InvoiceLine(text="Licences", quantity=Decimal(25)),),
        ),
        RecordKind.PAYMENTS: Payment(invoice="x-1", paid=date(2026, 11, 9), amount=Decimal(40)),
        RecordKind.SUBSCRIPTIONS: Subscription(
            customer="c-1", product_name="Office suite", quantity=Decimal(25)
        ),
        RecordKind.PRODUCTS: Product(name="Hour of advice", unit_price=Decimal(90), unit="h"),
    }.items():
        Books(tenancy, account, kind, stream=kind.value).save(received("x-1", record))
    return books


def link_to(browser: Browser, page: str, text: str) -> str:
    """Where the link with `text` leads."""
    before = browser.get(page).text.partition(f">{text}</a>")[0]
    return before.rpartition('href="')[2].partition('"')[0]


def test_a_contact_is_added_found_changed_and_erased(browser: Browser) -> None:
    browser.get("/contacts/add")
    added = browser.post("/contacts/add", **ENTRY)
    assert added.status_code == 302
    address = added.headers["Location"]
    page = browser.get(address)
    for text in ("Harbour &amp; Sons", "+1 202-555-0178", "Turku", "Entered here"):
        assert text in page.text
    browser.get("/contacts")
    for text in ("+1 (202) 555-0177", "ROBIN@harbour.example.com", "harbour & sons"):
        assert address in browser.post("/contacts", text=text).text.partition("All contacts")[0]
    assert "Nobody found" in browser.post("/contacts", text="Harbour").text
    form = browser.get(f"{address}/edit").text
    assert 'value="Robin Harbour"' in form
    changed = browser.post(f"{address}/edit", **(ENTRY | {"city": "Oulu", "version": "1"}))
    assert changed.status_code == 302
    assert "Oulu" in browser.get(address).text
    browser.get(f"{address}/edit")
    late = browser.post(f"{address}/edit", **(ENTRY | {"version": "1"}))
    assert late.status_code == 409
    assert "changed meanwhile" in late.text
    browser.get(address)
    assert browser.post(f"{address}/delete").status_code == 302
    assert browser.get(address).status_code == 404


@pytest.mark.promise("A5")
@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "", "Enter a name."),
        ("vat_id", "FI20774741", "not formed rightly"),
        ("phones", "nobody", "telephone numbers"),
        ("emails", "nobody", "e-mail addresses"),
        ("country", "QQ", "two letters"),
        ("source", "public_source", "Name the public source"),
    ],
)
def test_a_wrong_entry_is_said_at_its_field(
    browser: Browser, field: str, value: str, said: str
) -> None:
    browser.get("/contacts/add")
    page = browser.post("/contacts/add", **(ENTRY | {field: value}))
    assert page.status_code in (200, 422)
    assert said in page.text
    assert 'value="Robin Harbour"' in page.text


@pytest.mark.promise("A7")
def test_a_card_number_is_refused(browser: Browser) -> None:
    browser.get("/contacts/add")
    page = browser.post("/contacts/add", **(ENTRY | {"customer_number": "4111 1111 1111 1111"}))
    assert page.status_code == 422
    assert "Card numbers are never kept" in page.text


def test_a_systems_contact_shows_what_belongs_to_it(
    browser: Browser, books: Books, tenancy: Tenancy
) -> None:
    calls = [a_call(caller="+12025550123", contact_person=None, company=None)]
    with tenancy.work() as work:
        ingest_calls(work, vault=tenancy.vault, account=tenancy.account(), calls=calls)
    address = link_to(browser, "/contacts", "Fjord Ferries")
    page = browser.get(address).text
    for text in ("Fjord Ferries", "2026-77", "Office suite", "Not formed rightly", "comes from"):
        assert text in page
    assert "Latest calls with this contact" in page
    assert f"{address}/edit" not in page
    assert browser.get(f"{address}/edit").status_code == 409
    browser.get("/calls")
    found = browser.post("/calls", number="+1 202 555 0123").text
    assert f'href="{address}"' in found
    assert "Robin Example, Fjord Ferries" in found


def test_invoices_and_subscriptions_are_listed_and_read(browser: Browser, books: Books) -> None:
    invoice = browser.get(link_to(browser, "/invoices", "2026-77")).text
    for text in ("Fjord Ferries", "1\u202f240.50\u00a0EUR", "Licences", "Mon 9 Nov 2026"):
        assert text in invoice
    subscription = browser.get(link_to(browser, "/subscriptions", "Office suite")).text
    assert "Fjord Ferries" in subscription
    assert "Hour of advice" in browser.get("/subscriptions/products").text
    assert "Nothing is held" in browser.get("/invoices?held=1").text


def test_invoices_of_one_reading_are_listed_newest_first(browser: Browser, books: Books) -> None:
    invoices = Books(books.tenant, books.account, RecordKind.INVOICES, stream="invoices")
    days = {"G-2": date(2026, 9, 1), "G-3": date(2026, 10, 1), "G-1": date(2026, 8, 1)}
    invoices.save(*(received(name, Invoice(number=name, dated=day)) for name, day in days.items()))
    page = browser.get("/invoices").text
    places = [page.index(f">{name}<") for name in ("G-3", "G-2", "G-1")]
    assert places == sorted(places)
    assert "the latest change first" in page
    assert "names no customer" in page
    assert page.count("<td>Alice Oy</td>") == len(days), "bills to the organisation"


@pytest.mark.promise("A15")
def test_an_invoice_that_names_its_customer_by_number_alone(browser: Browser, books: Books) -> None:
    invoices = Books(books.tenant, books.account, RecordKind.INVOICES, stream="invoices")
    invoices.save(received("N-1", Invoice(number="N-1", customer="c-1")))
    invoices.save(received("N-2", Invoice(number="N-2", customer="nobody")))
    page = browser.get("/invoices").text
    named = {one: page.partition(f">{one}<")[2].partition("</td>")[0] for one in ("N-1", "N-2")}
    assert named["N-1"].endswith("Fjord Ferries")
    assert named["N-2"].endswith("–")
    assert "Fjord Ferries" in browser.get(link_to(browser, "/invoices", "N-1")).text


@pytest.mark.promise("B3")
def test_a_held_invoice_says_until_when(browser: Browser, books: Books) -> None:
    invoices = Books(books.tenant, books.account, RecordKind.INVOICES, stream="invoices")
    invoices.save(received("x-9", Invoice(number="2026-99", dated=date(2026, 11, 1))))
    invoices.remove("x-9")
    assert "2026-99" not in browser.get("/invoices").text
    page = browser.get(link_to(browser, "/invoices?held=1", "2026-99")).text
    assert "Erased on" in page
    assert "1 Jan 2033" in page


def test_each_role_sees_what_is_its_own(town: Town, books: Books) -> None:
    agent, auditor = town.browser(town.agent), town.browser(town.auditor)
    assert agent.get("/contacts").status_code == 200
    assert agent.get("/subscriptions").status_code == 200
    assert agent.get("/invoices").status_code == 403
    address = link_to(agent, "/contacts", "Fjord Ferries")
    assert "Invoices of this contact" not in agent.get(address).text
    for path in ("/contacts", "/invoices", "/subscriptions", "/contacts/add"):
        assert auditor.get(path).status_code == 403


@pytest.mark.attack(34)
def test_another_tenant_sees_none_of_it(town: Town, browser: Browser, books: Books) -> None:
    address = link_to(browser, "/contacts", "Fjord Ferries")
    charlie = town.browser(town.charlie)
    assert charlie.get(address).status_code == 404
    charlie.get("/contacts")
    assert "Nobody found" in charlie.post("/contacts", text="Fjord Ferries").text
    assert "No invoices yet" in charlie.get("/invoices").text


@pytest.mark.promise("A13")
@pytest.mark.promise("C6")
def test_who_objected_is_not_listed_for_that(browser: Browser, tenancy: Tenancy) -> None:
    nora = Person(phone="+12025550188")
    with tenancy.work() as work:
        entry = Entry(Contact(name="Nora No", phones=(nora.phone,)))
        create_contact(work, vault=tenancy.vault, entry=entry)
        call = a_call(caller=nora.phone, called="+442079460345", contact_person="Nora No")
        account = tenancy.account(name="For purposes")
        ingest_calls(work, vault=tenancy.vault, account=account, calls=[call])

    def seen(purpose: str) -> tuple[bool, bool]:
        listed = browser.get(f"/contacts?purpose={purpose}").text
        searched = browser.post("/calls", number=nora.phone, purpose=purpose).text
        return "Nora No" in listed, "Nora No" in searched.partition("card-head")[2]

    assert seen("telemarketing") == (True, True)
    with tenancy.work() as work:
        object_to(work, tenancy, Objection.TELEMARKETING, person=nora)
    assert seen("telemarketing") == (False, False)
    assert seen("market_research") == (True, True)
    assert seen("delivery") == (True, True)
    assert "Nora No" in browser.get("/contacts?purpose=nonsense").text
