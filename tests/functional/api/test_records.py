"""Contacts, invoices, subscriptions and products over the API."""

from datetime import date
from typing import Any

import pytest

from connector.accounts.kinds import AccountKind
from connector.synced.shapes import Invoice, Payer, Payment, Product, RecordKind, Subscription
from tenants.permissions import KEY_SCOPES, Permission
from tenants.principals import Mode
from tests.database.records.books import Books, a_contact, an_account, received
from tests.functional.api.programs import Programs
from tests.tenancies import House

NEW: dict[str, Any] = {
    "name": "Example Ltd",
    "contact_person": "Robin Example",
    "emails": ["Robin@Example.com"],
    "phones": ["+1 202-555-0143"],
    "address": {"city": "Espoo", "country": "FI"},
    "vat_id": "FI20774740",
}


@pytest.fixture
def key(programs: Programs, house: House) -> dict[str, str]:
    return programs.key(house.alice)


def create(programs: Programs, key: dict[str, str], **more: Any) -> dict[str, Any]:
    answer = programs.client.post("/api/v1/contacts", json=NEW | more, headers=key)
    assert answer.status_code == 200, answer.json
    assert isinstance(answer.json, dict)
    return answer.json


def found(programs: Programs, key: dict[str, str], **by: str) -> list[str]:
    answer = programs.client.post("/api/v1/contacts/search", json=by, headers=key)
    assert answer.json is not None
    return [contact["id"] for contact in answer.json["contacts"]]


def test_a_contact_is_entered_found_changed_and_erased(
    programs: Programs, key: dict[str, str]
) -> None:
    made = create(programs, key)
    for by in (
        {"phone": "001 202 555 0143"},
        {"email": "robin@EXAMPLE.com"},
        {"name": "example  ltd"},
        {"name": "Robin Example"},
        {"vat_id": "fi-2077474-0"},
    ):
        assert found(programs, key, **by) == [made["id"]], by
    assert found(programs, key, name="Example") == []
    address = f"/api/v1/contacts/{made['id']}"
    change = NEW | {"phones": ["+1 202-555-0144"], "version": 1}
    changed = programs.client.put(address, json=change, headers=key)
    assert changed.json == {"id": made["id"], "version": 2}
    assert found(programs, key, phone="+12025550143") == []
    again = programs.client.put(address, json=change, headers=key)
    assert (again.status_code, again.json["code"]) == (409, "changed_meanwhile")  # type: ignore[index]
    read = programs.client.get(address, headers=key).json
    assert read is not None
    assert read["numbers"] == ["+12025550144"]
    assert read["vat_id_valid"] is True
    assert read["company_register_number_valid"] is None
    assert programs.client.delete(address, headers=key).json == {"id": made["id"]}
    assert programs.client.get(address, headers=key).status_code == 404
    assert found(programs, key, email="robin@example.com") == []


def test_one_idempotency_key_makes_one_contact(programs: Programs, key: dict[str, str]) -> None:
    once = key | {"Idempotency-Key": "k-1"}
    first, second = (
        programs.client.post("/api/v1/contacts", json=NEW, headers=once) for _ in range(2)
    )
    assert first.json == second.json
    assert second.headers["Idempotent-Replayed"] == "true"
    assert len(found(programs, key, email="robin@example.com")) == 1


@pytest.mark.promise("A7")
def test_a_card_number_is_refused_and_not_repeated(
    programs: Programs, key: dict[str, str], house: House
) -> None:
    sent = NEW | {"group": "4111 1111 1111 1111"}
    answer = programs.client.post("/api/v1/contacts", json=sent, headers=key)
    assert (answer.status_code, answer.json["code"]) == (422, "card_number")  # type: ignore[index]
    assert "4111" not in answer.text
    assert house.installation.count("contacts") == 0


@pytest.mark.promise("A5")
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("vat_id", "FI20774741"),
        ("company_register_number", "2077474-1"),
        ("phones", ["no number"]),
        ("emails", ["not an address"]),
        ("address", {"country": "QQ"}),
        ("name", " "),
        ("source", "public_source"),
        ("source_name", "A register"),
    ],
)
def test_what_is_entered_is_checked(
    programs: Programs, key: dict[str, str], field: str, value: Any
) -> None:
    answer = programs.client.post("/api/v1/contacts", json=NEW | {field: value}, headers=key)
    assert answer.status_code == 422
    assert answer.json is not None
    assert answer.json["errors"]


@pytest.mark.promise("A6")
def test_a_public_source_is_named(programs: Programs, key: dict[str, str]) -> None:
    made = create(programs, key, source="public_source", source_name="Trade register")
    read = programs.client.get(f"/api/v1/contacts/{made['id']}", headers=key).json
    assert read is not None
    assert (read["source"], read["source_name"]) == ("public_source", "Trade register")
    assert read["subject_group"] == "customers_of_customers"


@pytest.mark.promise("A5")
def test_what_a_system_sends_wrongly_is_kept_and_flagged(
    programs: Programs, key: dict[str, str], house: House
) -> None:
    books = Books(house.alice, an_account(house.alice))
    books.save(received("1", a_contact(vat_id="FI20774741")))
    page = programs.client.get("/api/v1/contacts", headers=key).json
    assert page is not None
    [contact] = page["contacts"]
    assert (contact["vat_id"], contact["vat_id_valid"]) == ("FI20774741", False)
    address = f"/api/v1/contacts/{contact['id']}"
    for answer in (
        programs.client.put(address, json=NEW, headers=key),
        programs.client.delete(address, headers=key),
    ):
        assert (answer.status_code, answer.json["code"]) == (409, "belongs_to_system")  # type: ignore[index]


def test_pages_follow_each_other_and_changes_come_again(
    programs: Programs, key: dict[str, str], house: House
) -> None:
    books = Books(house.alice, an_account(house.alice))
    for part in range(3):
        books.save_all([received(f"{part}-{n}", a_contact()) for n in range(7)])
    seen: list[dict[str, Any]] = []
    query: dict[str, Any] = {"limit": 5}
    while True:
        page = programs.client.get("/api/v1/contacts", query_string=query, headers=key).json
        assert page is not None
        seen += page["contacts"]
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]
    assert len({contact["id"] for contact in seen}) == len(seen) == 21
    books.save(received("0-0", a_contact(name="Another name")))
    since = {"changed_since": seen[-1]["changed_at"]}
    page = programs.client.get("/api/v1/contacts", query_string=since, headers=key).json
    assert page is not None
    assert page["contacts"][-1]["name"] == "Another name"
    for bad in ({"cursor": "x"}, {"limit": 0}, {"limit": 501}, {"changed_since": "today"}):
        answer = programs.client.get("/api/v1/contacts", query_string=bad, headers=key)
        assert answer.status_code == 422, bad


@pytest.mark.promise("A15")
def test_invoices_subscriptions_and_products(
    programs: Programs, key: dict[str, str], house: House
) -> None:
    account = an_account(house.alice, AccountKind.MICROSOFT)
    things = {
        RecordKind.INVOICES: Invoice(
            number="7", dated=date(2026, 11, 1), customer="c", payer=Payer(reference="1234561")
        ),
        RecordKind.PAYMENTS: Payment(invoice_number="7", paid=date(2026, 11, 2)),
        RecordKind.SUBSCRIPTIONS: Subscription(customer="c", product_name="Licence"),
        RecordKind.PRODUCTS: Product(name="Licence"),
    }
    for kind, record in things.items():
        Books(house.alice, account, kind, stream=kind.value).save(received("1", record))
    ids = {}
    for name in ("invoices", "payments", "subscriptions", "products"):
        page = programs.client.get(f"/api/v1/{name}", headers=key).json
        assert page is not None
        [one] = page[name]
        ids[name] = one["id"]
        read = programs.client.get(f"/api/v1/{name}/{one['id']}", headers=key)
        assert read.status_code == 200
    invoice = programs.client.get(f"/api/v1/invoices/{ids['invoices']}", headers=key).json
    assert invoice is not None
    assert [payment["paid"] for payment in invoice["payments"]] == ["2026-11-02"]
    assert invoice["payer"]["reference"] == "1234561"
    Books(house.alice, account, RecordKind.INVOICES, stream="invoices").remove("1")
    for held, count in ((False, 0), (True, 1)):
        query = {"held": str(held).lower()}
        page = programs.client.get("/api/v1/invoices", query_string=query, headers=key).json
        assert page is not None
        assert len(page["invoices"]) == count


def test_a_contact_goes_out_into_connected_books_once(
    programs: Programs, key: dict[str, str], house: House
) -> None:
    books, made = an_account(house.alice), create(programs, key)
    address, wish = f"/api/v1/contacts/{made['id']}/bookings", {"account_id": str(books.id)}
    client = programs.client
    assert client.post(address, json=wish, headers=key).status_code == 422, "without a number"
    first = client.post(address, json=wish | {"code": "CLOUD-1"}, headers=key)
    assert first.json is not None
    assert (first.status_code, first.json["state"]) == (200, "waiting")
    listed = client.get(f"/api/v1/documents/{first.json['document_id']}", headers=key).json
    assert listed is not None
    assert (listed["kind"], listed["reference"]) == ("customer", f"contact:{made['id']}")
    again = client.post(address, json=wish | {"code": "CLOUD-1"}, headers=key).json
    assert again is not None
    assert again["code"] == "contact_on_its_way"
    exchange = an_account(house.alice, AccountKind.MICROSOFT)
    wrong = {"account_id": str(exchange.id), "code": "X"}
    assert client.post(address, json=wrong, headers=key).status_code == 409
    elsewhere = {"account_id": str(an_account(house.charlie).id), "code": "X"}
    assert client.post(address, json=elsewhere, headers=key).status_code == 404
    assert client.post(address, json={}, headers=programs.key(house.charlie)).status_code == 404
    without = programs.key(house.alice, scopes=KEY_SCOPES - {Permission.CHARGES_WRITE})
    assert client.post(address, json=wish, headers=without).status_code == 403


@pytest.mark.attack(34)
def test_another_tenants_key_finds_and_changes_nothing(
    programs: Programs, key: dict[str, str], house: House
) -> None:
    made = create(programs, key)
    charlies = programs.key(house.charlie)
    assert found(programs, charlies, phone="+12025550143") == []
    address = f"/api/v1/contacts/{made['id']}"
    for method in ("GET", "PUT", "DELETE"):
        answer = programs.client.open(address, method=method, json=NEW, headers=charlies)
        assert answer.status_code == 404, method
    assert found(programs, key, phone="+12025550143") == [made["id"]]


def test_a_test_key_checks_and_stores_nothing(programs: Programs, house: House) -> None:
    test = programs.key(house.alice, mode=Mode.TEST)
    assert create(programs, test)["version"] == 1
    assert house.installation.count("contacts") == 0
    assert found(programs, test, phone="+12025550143") == []
    page = programs.client.get("/api/v1/contacts", headers=test).json
    assert page == {"contacts": [], "next_cursor": None}


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("GET", "/contacts", Permission.CONTACTS_READ),
        ("POST", "/contacts/search", Permission.CONTACTS_READ),
        ("POST", "/contacts", Permission.CONTACTS_WRITE),
        ("GET", "/invoices", Permission.INVOICES_READ),
        ("GET", "/payments", Permission.INVOICES_READ),
        ("GET", "/documents", Permission.ACCOUNTS_READ),
        ("GET", "/subscriptions", Permission.SUBSCRIPTIONS_READ),
        ("GET", "/products", Permission.PRODUCTS_READ),
    ],
)
def test_each_operation_wants_its_scope(
    programs: Programs, house: House, method: str, path: str, scope: Permission
) -> None:
    without = programs.key(house.alice, scopes=KEY_SCOPES - {scope})
    answer = programs.client.open(f"/api/v1{path}", method=method, headers=without)
    assert answer.status_code == 403


def test_the_ledger_knows_who_looked_and_no_more(
    programs: Programs, key: dict[str, str], house: House
) -> None:
    made = create(programs, key)
    found(programs, key, email="robin@example.com")
    programs.client.get(f"/api/v1/contacts/{made['id']}", headers=key)
    events = [
        (str(event), str(facts))
        for event, facts in house.rows("SELECT event, facts FROM ledger_events ORDER BY at, id")
    ]
    names = [event for event, _ in events]
    assert {"console:contact:created", "api:contacts:searched", "api:record:read"} <= set(names)
    assert "example" not in "".join(facts for _, facts in events)
