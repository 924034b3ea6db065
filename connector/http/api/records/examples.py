"""Examples of records: reserved numbers and domains, invented names."""

from typing import Any, Final

from connector.http.api.examples import ACCOUNT_ID

CONTACT_ID: Final = "9f3c1c1e-52aa-8d55-8c9e-6a1f2b3c4d5e"
NEW_CONTACT: Final[dict[str, Any]] = {
    "name": "Example Ltd",
    "contact_person": "Robin Example",
    "emails": ["robin@example.com"],
    "phones": ["+1 202-555-0143"],
    "address": {"street": "Street 1", "postcode": "02600", "city": "Espoo", "country": "FI"},
    "vat_id": "FI20774740",
}
_STORED: Final[dict[str, Any]] = {
    "id": CONTACT_ID,
    "version": 1,
    "account": ACCOUNT_ID,
    "external_id": "17",
    "source": "given_by_customer",
    "source_name": None,
    "subject_group": "customers_of_customers",
    "first_seen_at": "2026-11-22T09:15:00Z",
    "changed_at": "2026-11-22T09:15:00Z",
    "restricted": False,
}
CONTACT: Final[dict[str, Any]] = {
    **_STORED,
    **NEW_CONTACT,
    "is_person": False,
    "code": "C-17",
    "numbers": ["+12025550143"],
    "company_register_number": "2077474-0",
    "group": "",
    "language": "en",
    "active": True,
    "vat_id_valid": True,
    "company_register_number_valid": True,
}
PRODUCT: Final[dict[str, Any]] = {
    **_STORED,
    "name": "Support, one hour",
    "code": "S-1",
    "unit": "h",
    "unit_price": "90.00",
    "vat_percent": "25.5",
    "currency": "EUR",
    "active": True,
}
PAYMENT: Final[dict[str, Any]] = {
    **_STORED,
    "invoice": "5",
    "invoice_number": "1001",
    "paid": "2026-11-20",
    "amount": "112.95",
    "currency": "EUR",
    "payer": {"name": "Example Ltd", "reference": "1234561"},
}
INVOICE: Final[dict[str, Any]] = {
    **_STORED,
    "number": "1001",
    "dated": "2026-11-06",
    "due": "2026-11-20",
    "customer": "17",
    "customer_name": "Example Ltd",
    "currency": "EUR",
    "total": "112.95",
    "open_amount": "0.00",
    "status": "paid",
    "payer": {"name": "Example Ltd", "reference": "1234561"},
    "lines": [{"text": "Support", "quantity": "1", "unit_price": "90.00"}],
    "held": False,
    "hold_until": "2033-01-01",
    "payments": [PAYMENT],
}
SUBSCRIPTION: Final[dict[str, Any]] = {
    **_STORED,
    "customer": "17",
    "product": "cloud-1",
    "product_name": "Cloud service, standard",
    "quantity": "25",
    "unit": "licences",
    "status": "active",
    "ordered_at": "2026-01-01T08:00:00Z",
    "started_at": "2026-01-01T08:00:00Z",
    "committed_until": "2026-12-31T23:59:59Z",
    "renews": True,
    "order": "o-5",
}
