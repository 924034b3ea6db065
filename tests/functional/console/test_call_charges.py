"""Call charges in the console and over the API: prices, payers, a month, its invoice."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connector.accounts.kinds import AccountKind
from connector.calls.ingest import ingest_calls
from privacy.core import clock
from privacy.retention.partitions import ensure_partitions
from tenants.api_keys.create import create_api_key
from tenants.permissions import Permission
from tests.database.records.books import Books, a_contact, an_account, received
from tests.factories import a_call
from tests.functional.console.town import Town

PRICES: dict[str, Any] = {
    "valid_from": "2020-01-01",
    "currency": "eur",
    "vat_percent": "25.5",
    "product_code": "CALLS",
    "rules": "outbound 0,02 0,05\noutbound +46 0 0.01\ninbound 0.10 0",
}


def test_a_month_from_prices_to_its_invoice(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    alices = town.tenancy(town.alices)
    exchange = alices.account(AccountKind.FREESWITCH, "Head office")
    books = Books(alices, an_account(alices))
    books.save(received("77", a_contact(name="Payer Oy", code="C-17")))
    with alices.work() as work:
        ingest_calls(work, vault=alices.vault, account=exchange, calls=[a_call(), a_call()])
    browser = town.browser(town.alice)
    month = f"{clock.now() - timedelta(hours=1):%Y-%m}"
    path = f"/call-charges?month={month}"
    assert "2 calls are of systems that nobody pays for" in browser.get(path).get_data(as_text=True)
    wrong = browser.post("/call-charges/prices", **(PRICES | {"rules": "outbound cheap"}))
    assert wrong.status_code == 422
    assert browser.post("/call-charges/prices", **PRICES).status_code == 302
    unknown = browser.post("/call-charges/payer", account_id=str(exchange.id), customer_number="X")
    assert unknown.status_code == 422
    assert "no customer of this number" in unknown.get_data(as_text=True)
    named: dict[str, Any] = {"account_id": str(exchange.id), "customer_number": "c-17"}
    assert browser.post("/call-charges/payer", **named).status_code == 302
    shown = browser.get(path).get_data(as_text=True)
    for words in ("Payer Oy", "This month is not over", "0.20 EUR", "outbound +46 0 0.01"):
        assert words in shown
    assert "Bill as a sales invoice" not in shown
    assert town.browser(town.agent).get(path).status_code == 403
    assert "Payer Oy" not in town.browser(town.charlie).get(path).get_data(as_text=True)
    assert browser.get("/call-charges?month=never").status_code == 422

    scopes = [Permission.INVOICES_READ, Permission.CHARGES_WRITE]
    with alices.work() as work:
        made = create_api_key(town.desk.ring, work, name="biller", scopes=scopes)
    client, key = town.app.test_client(), {"Authorization": f"Bearer {made.text}"}
    api = "/api/v1/call-charges"
    told = client.get(f"{api}?month={month}", headers=key).get_json()
    (customer,) = told["customers"]
    assert (told["over"], customer["amount"], customer["lines"][0]["calls"]) == (False, "0.20", 2)
    wish = {"month": month, "contact_id": customer["contact_id"]}
    early = client.post(api, json=wish, headers=key)
    assert (early.status_code, early.get_json()["code"]) == (409, "month_not_over")

    later = (datetime.now(UTC).replace(day=1) + timedelta(days=32)).replace(day=2)
    monkeypatch.setattr(clock, "_offset", later - datetime.now(UTC))
    ensure_partitions(town.house.installation.engines.owner, keep_days=30)
    first = client.post(api, json=wish, headers=key).get_json()
    assert client.post(api, json=wish, headers=key).get_json() == first
    again = client.get(f"{api}?month={month}", headers=key).get_json()
    assert again["customers"][0]["document_id"] == first["document_id"]
    assert client.get(f"{api}?month=2026-13", headers=key).status_code == 422
