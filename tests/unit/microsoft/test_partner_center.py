"""Partner Center's documents, as documented, to our shapes."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from connector.providers.microsoft.customers import map_customer, received_customer
from connector.providers.microsoft.documents import MARK, read_json, read_object, unpack
from connector.providers.microsoft.failures import UnreadableJson
from connector.providers.microsoft.invoices import map_invoice, received_invoice
from connector.providers.microsoft.subscriptions import map_subscription, received_subscription
from connector.synced.shapes import Address, Contact, Invoice, Payer, Subscription

KEY = "b44bb1fb-c595-45a0-9e8d-5a8b8b4b1b1b"

CUSTOMER: dict[str, Any] = {
    "id": KEY,
    "commerceId": "7d70cc1f-2b1a-4d1c-8dce-000000000000",
    "companyProfile": {
        "tenantId": KEY,
        "domain": "fabrikam.example.com",
        "companyName": "Fabrikam Oy",
        "organizationRegistrationNumber": "1967543-8",
        "attributes": {"objectType": "CustomerCompanyProfile"},
    },
    "billingProfile": {
        "id": "x",
        "firstName": "Aino",
        "lastName": "Mäki",
        "email": "aino@example.com",
        "culture": "fi-FI",
        "language": "FI",
        "companyName": "Fabrikam Oy",
        "defaultAddress": {
            "country": "fi",
            "region": "Europe",
            "city": "Helsinki",
            "state": "",
            "addressLine1": "Esimerkkikatu 1",
            "addressLine2": "A 2",
            "postalCode": "00100",
            "firstName": "Aino",
            "phoneNumber": "+12025550100",
        },
    },
    "relationshipToPartner": "none",
    "userCredentials": {"userName": "admin", "password": "never"},
}


@pytest.mark.promise("A5")
def test_a_customer() -> None:
    made = received_customer(CUSTOMER)
    assert made is not None
    assert made.external_id == KEY
    assert made.record == Contact(
        name="Fabrikam Oy",
        contact_person="Aino Mäki",
        emails=("aino@example.com",),
        phones=("+12025550100",),
        address=Address(
            street="Esimerkkikatu 1, A 2", postcode="00100", city="Helsinki", country="FI"
        ),
        company_register_number="1967543-8",
        language="fi",
    )
    assert map_customer(unpack(made.document)) == made


@pytest.mark.promise("A12")
def test_what_is_not_declared_is_not_kept() -> None:
    made = received_customer(CUSTOMER)
    assert made is not None
    for undeclared in (b"never", b"commerceId", b"userCredentials", b"attributes", b"region"):
        assert undeclared not in made.document


@pytest.mark.parametrize("with_nothing", [{}, {"id": ""}, {"id": None}, {"id": KEY}, {"id": []}])
def test_a_customer_of_whom_nothing_is_told_is_none(with_nothing: dict[str, Any]) -> None:
    assert received_customer(with_nothing) is None


def test_a_customer_of_the_list_alone() -> None:
    made = received_customer({"id": KEY, "companyProfile": {"companyName": "X Oy"}})
    assert made is not None
    assert made.record == Contact(name="X Oy")


def test_a_subscription_with_numbers_as_texts() -> None:
    made = received_subscription(
        {
            "id": "s-1",
            "offerId": "CFQ7TTC0LH18:0001",
            "friendlyName": "Business Basic",
            "quantity": "25",
            "unitType": "Licenses",
            "creationDate": "2024-01-15T12:00:00.1234567Z",
            "effectiveStartDate": "2024-02-01T00:00:00",
            "commitmentEndDate": "9999-12-31T00:00:00Z",
            "status": "Active",
            "autoRenewEnabled": "true",
            "orderId": "ord1",
            "paymentInstrument": "4111111111111111",
        },
        customer=KEY,
    )
    assert made is not None
    assert made.record == Subscription(
        customer=KEY,
        product="CFQ7TTC0LH18:0001",
        product_name="Business Basic",
        quantity=Decimal(25),
        unit="Licenses",
        status="active",
        ordered_at=datetime(2024, 1, 15, 12, 0, 0, 123456, tzinfo=UTC),
        started_at=datetime(2024, 2, 1, tzinfo=UTC),
        committed_until=None,
        renews=True,
        order="ord1",
    )
    assert b"4111" not in made.document
    assert map_subscription(unpack(made.document)) == made


PROFILE: dict[str, Any] = {
    "companyName": "Example Partner Oy",
    "address": {
        "country": "FI",
        "city": "Espoo",
        "addressLine1": "Esimerkkitie 1",
        "postalCode": "02600",
        "phoneNumber": "+12025550199",
    },
    "purchaseOrderNumber": "PO-7",
    "taxId": "FI19675438",
}


@pytest.mark.promise("A7")
@pytest.mark.parametrize("total", ["1234.10", Decimal("1234.10")])
def test_an_invoice_with_its_payer(total: Any) -> None:
    raw = {
        "id": "G000024135",
        "invoiceDate": "2024-11-08T01:22:46.6801228Z",
        "totalCharges": total,
        "paidAmount": 1234,
        "currencyCode": "eur",
        "documentType": "Invoice",
        "pdfDownloadLink": "/invoices/G000024135/documents/statement",
    }
    made = received_invoice(raw, PROFILE)
    assert made is not None
    assert made.record == Invoice(
        number="G000024135",
        dated=date(2024, 11, 8),
        customer_name="Example Partner Oy",
        currency="EUR",
        total=Decimal("1234.10"),
        open_amount=Decimal("0.10"),
        status="invoice",
        payer=Payer(
            name="Example Partner Oy",
            address=Address(street="Esimerkkitie 1", postcode="02600", city="Espoo", country="FI"),
            reference="PO-7",
        ),
    )
    assert b"12025550199" not in made.document
    assert map_invoice(unpack(made.document)) == made


@pytest.mark.promise("A7")
@pytest.mark.parametrize("card", ["4111 1111 1111 1111", "5555-5555-5555-4444", "378282246310005"])
def test_card_numbers_enter_nowhere(card: str) -> None:
    raw = {"id": "G1", "purchaseOrderNumber": f"paid with {card}", "totalCharges": 1}
    made = received_invoice(raw, PROFILE | {"companyName": card})
    assert made is not None
    said = made.document + msgspec.json.encode(made)
    for text in (card, card.replace(" ", ""), card.replace("-", "")):
        assert text.encode() not in said


@pytest.mark.attack(55)
@pytest.mark.parametrize(
    "body", [b"", b"<html>", b'{"a": NaN}', b'{"a": 1', b"[" * 100_000, b"\xff\xfe", b'{"a": 01}']
)
def test_what_is_no_json(body: bytes) -> None:
    with pytest.raises(UnreadableJson):
        read_json(body, where="t")


@pytest.mark.attack(55)
@pytest.mark.parametrize("total", [b"1e999999999", b'"1e999999999"', b"-1e-999999999", b'"sNaN"'])
def test_a_number_that_is_none_ends_no_reading(total: bytes) -> None:
    raw = read_object(b'{"id": "G-1", "totalCharges": %b, "paidAmount": 1}' % total, where="a test")
    received = received_invoice(raw, {})
    assert received is not None
    assert isinstance(received.record, Invoice)
    assert received.record.total in (None, 0)
    assert map_invoice(unpack(received.document)) is not None, "nor a later one"


def test_a_byte_order_mark_is_no_obstacle_and_money_is_exact() -> None:
    assert read_json(MARK + b'{"a": 0.1, "b": 1e400}', where="t") == {
        "a": Decimal("0.1"),
        "b": Decimal("1e400"),
    }
