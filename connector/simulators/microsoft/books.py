"""What the simulated partner has: documents as Microsoft writes them, made from a seed."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from connector.simulators.microsoft.call_books import CallBooks, call_record, direct_row, pstn_rows
from connector.simulators.microsoft.draws import FIRST, LAST, draw, moment_text, pick
from connector.simulators.microsoft.keys import seeded_id

Document = dict[str, Any]

_TRADES: Final = ("Bakery", "Design", "Joinery", "Logistics", "Optics", "Travel")
_CITIES: Final = (
    ("00100", "Helsinki", "FI"),
    ("41108", "Göteborg", "SE"),
    ("10115", "Berlin", "DE"),
)
_OFFERS: Final = (
    ("CFQ7TTC0LH18:0001", "Microsoft 365 Business Basic"),
    ("CFQ7TTC0LDPB:0001", "Microsoft 365 Business Standard"),
    ("CFQ7TTC0LHSF:0001", "Exchange Online (Plan 1)"),
)
INVOICES: Final = 24


@dataclass(slots=True)
class Books:
    """All of it. Lists are in the order in which they are listed."""

    seed: int
    customers: dict[str, Document] = field(default_factory=dict)
    billing: dict[str, Document] = field(default_factory=dict)
    subscriptions: dict[str, list[Document]] = field(default_factory=dict)
    invoices: dict[str, Document] = field(default_factory=dict)
    partner: Document = field(default_factory=dict)
    calls: CallBooks = field(default_factory=CallBooks)


def seeded(seed: int, *, customers: int, calls: int, now: datetime, direct: int = 0) -> Books:
    """Books of so many customers and calls, always the same for a seed and a moment."""
    books = Books(seed, partner=_partner())
    for number in range(customers):
        _customer(books, number, now)
    for number in range(INVOICES if customers else 0):
        invoice = _invoice(seed, number, now)
        books.invoices[invoice["id"]] = invoice
    for number in range(calls):
        books.calls.put(call_record(seed, number, now))
        books.calls.rows.extend(pstn_rows(seed, number, now))
    books.calls.direct.extend(direct_row(seed, number, now) for number in range(direct))
    return books


def _partner() -> Document:
    return {
        "companyName": "Example Cloud Partner Oy",
        "address": {
            "country": "FI",
            "city": "Espoo",
            "addressLine1": "Esimerkkitie 1",
            "postalCode": "02600",
            "firstName": "Helmi",
            "lastName": "Laine",
            "phoneNumber": "+12025550199",
        },
        "primaryContact": {"firstName": "Helmi", "lastName": "Laine"},
        "purchaseOrderNumber": "PO-2026-7",
        "taxId": "FI19675438",
        "billingCurrency": "EUR",
        "profileType": "billing_profile",
    }


def _customer(books: Books, number: int, now: datetime) -> None:
    seed, key = books.seed, seeded_id(books.seed, f"customer/{number}")
    first, last = pick(seed, number, "first", FIRST), pick(seed, number, "last", LAST)
    company = f"{pick(seed, number, 'trade', _TRADES)} {last} {number}"
    postcode, city, country = pick(seed, number, "city", _CITIES)
    books.customers[key] = {
        "id": key,
        "companyProfile": {
            "tenantId": key,
            "domain": f"customer{number}.example.com",
            "companyName": company,
            "organizationRegistrationNumber": f"{number:07d}-X",
        },
        "relationshipToPartner": "reseller",
    }
    books.billing[key] = {
        "id": seeded_id(seed, f"billing/{number}"),
        "firstName": first,
        "lastName": last,
        "email": f"contact{number}@example.com",
        "culture": "fi-FI",
        "language": "fi",
        "companyName": company,
        "defaultAddress": {
            "country": country,
            "city": city,
            "addressLine1": f"Esimerkkikatu {number + 1}",
            "postalCode": postcode,
            "phoneNumber": f"+1202555{100 + number % 100:04d}",
        },
    }
    count = number % 4
    books.subscriptions[key] = [_subscription(seed, number, each, now) for each in range(count)]


def _subscription(seed: int, number: int, each: int, now: datetime) -> Document:
    offer, name = _OFFERS[each % len(_OFFERS)]
    since = now - timedelta(days=1 + draw(seed, number, f"since{each}") % 300)
    quantity: int | str = 1 + number % 40
    return {
        "id": seeded_id(seed, f"subscription/{number}/{each}"),
        "offerId": offer,
        "offerName": name,
        "friendlyName": f"{name} {number}",
        "quantity": str(quantity) if each % 2 else quantity,
        "unitType": "Licenses",
        "creationDate": moment_text(since),
        "effectiveStartDate": moment_text(since),
        "commitmentEndDate": moment_text(since + timedelta(days=365)),
        "status": "active" if number % 7 else "suspended",
        "autoRenewEnabled": number % 3 != 0,
        "orderId": f"ord{number:06d}",
        "termDuration": "P1Y",
    }


def _invoice(seed: int, number: int, now: datetime) -> Document:
    charges = 100 + draw(seed, number, "charges") % 100_000 / 100
    paid = charges if number % 3 else 0
    return {
        "id": f"G{100_000 + number:08d}",
        "invoiceDate": moment_text(now - timedelta(days=30 * number + 1)),
        "billingPeriodStartDate": moment_text(now - timedelta(days=30 * number + 32)),
        "totalCharges": str(charges) if number % 2 else charges,
        "paidAmount": paid,
        "currencyCode": "EUR",
        "currencySymbol": "€",
        "pdfDownloadLink": "/invoices/documents/statement",
        "documentType": "invoice",
        "invoiceType": "Recurring",
        "attributes": {"objectType": "Invoice"},
    }
