"""What the simulated partner has: documents as Microsoft writes them, made from a seed."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

from connector.simulators.microsoft.keys import seeded_id

T = TypeVar("T")
Document = dict[str, Any]

_FIRST: Final = ("Aino", "Eero", "Ida", "Leo", "Maija", "Onni", "Saga", "Väinö")
_LAST: Final = ("Koivu", "Lehto", "Mäki", "Niemi", "Ström", "Virta", "Åberg")
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
    calls: "CallBooks" = field(default_factory=lambda: CallBooks())


@dataclass(slots=True)
class CallBooks:
    """Call records by id, each with its participants; rows of the log of telephone calls; and
    every change, in order: (id, whether it was deleted)."""

    records: dict[str, Document] = field(default_factory=dict)
    rows: list[Document] = field(default_factory=list)
    changes: list[tuple[str, bool]] = field(default_factory=list)

    def put(self, record: Document) -> None:
        """A new record, or a new version of one."""
        self.records[record["id"]] = record
        self.changes.append((record["id"], False))

    def delete(self, key: str) -> None:
        """A record that is there no more."""
        del self.records[key]
        self.changes.append((key, True))


def seeded(seed: int, *, customers: int, calls: int, now: datetime) -> Books:
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
    first, last = _pick(seed, number, "first", _FIRST), _pick(seed, number, "last", _LAST)
    company = f"{_pick(seed, number, 'trade', _TRADES)} {last} {number}"
    postcode, city, country = _pick(seed, number, "city", _CITIES)
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
    since = now - timedelta(days=1 + _number(seed, number, f"since{each}") % 300)
    quantity: int | str = 1 + number % 40
    return {
        "id": seeded_id(seed, f"subscription/{number}/{each}"),
        "offerId": offer,
        "offerName": name,
        "friendlyName": f"{name} {number}",
        "quantity": str(quantity) if each % 2 else quantity,
        "unitType": "Licenses",
        "creationDate": _moment(since),
        "effectiveStartDate": _moment(since),
        "commitmentEndDate": _moment(since + timedelta(days=365)),
        "status": "active" if number % 7 else "suspended",
        "autoRenewEnabled": number % 3 != 0,
        "orderId": f"ord{number:06d}",
        "termDuration": "P1Y",
    }


def _invoice(seed: int, number: int, now: datetime) -> Document:
    charges = 100 + _number(seed, number, "charges") % 100_000 / 100
    paid = charges if number % 3 else 0
    return {
        "id": f"G{100_000 + number:08d}",
        "invoiceDate": _moment(now - timedelta(days=30 * number + 1)),
        "billingPeriodStartDate": _moment(now - timedelta(days=30 * number + 32)),
        "totalCharges": str(charges) if number % 2 else charges,
        "paidAmount": paid,
        "currencyCode": "EUR",
        "currencySymbol": "€",
        "pdfDownloadLink": "/invoices/documents/statement",
        "documentType": "invoice",
        "invoiceType": "Recurring",
        "attributes": {"objectType": "Invoice"},
    }


def call_record(seed: int, number: int, now: datetime, *, version: int = 1) -> Document:
    """Every third call has no telephone; of the others every second comes from outside."""
    start = now - timedelta(minutes=5 * (number % 8000) + 10)
    user = _user(seed, number)
    other = _user(seed, number + 1) if number % 3 == 2 else _telephone(number)
    caller, called = (other, user) if number % 2 else (user, other)
    return {
        "id": seeded_id(seed, f"call/{number}"),
        "version": version,
        "type": "peerToPeer",
        "modalities": ["audio"],
        "lastModifiedDateTime": _moment(start + timedelta(minutes=30)),
        "startDateTime": _precise(start),
        "endDateTime": _precise(start + timedelta(seconds=30 + number % 900)),
        "joinWebUrl": "https://teams.example.com/",
        "organizer": None,
        "participants": [],
        "organizer_v2": caller,
        "participants_v2": [caller, called],
    }


def pstn_rows(seed: int, number: int, now: datetime) -> Iterator[Document]:
    """The row of the log, for a call with a telephone."""
    if number % 3 == 2:
        return
    record = call_record(seed, number, now)
    inbound, seconds = bool(number % 2), 30 + number % 900
    here, there = f"+4420794600{number % 100:02d}", _phone(number)
    answered = number % 5 != 0
    yield {
        "id": seeded_id(seed, f"row/{number}"),
        "callId": f"{number // 2}_call@example.com",
        "userId": seeded_id(seed, f"user/{number % 50}"),
        "userPrincipalName": f"user{number % 50}@example.com",
        "userDisplayName": "Somebody",
        "startDateTime": record["startDateTime"],
        "endDateTime": record["endDateTime"],
        "duration": seconds - 5 if answered else 0,
        "charge": 0.0,
        "callType": "user_in" if inbound else "user_out",
        "currency": "EUR",
        "callerNumber": there if inbound else here,
        "calleeNumber": here if inbound else there,
        "destinationName": None,
    }


def _user(seed: int, number: int) -> Document:
    key = seeded_id(seed, f"user/{number % 50}")
    name = f"{_pick(seed, number % 50, 'f', _FIRST)} {_pick(seed, number % 50, 'l', _LAST)}"
    return {"id": key, "identity": {"user": {"id": key, "displayName": name}, "phone": None}}


def _telephone(number: int) -> Document:
    phone = _phone(number)
    return {"id": phone, "identity": {"phone": {"id": phone, "displayName": None}, "user": None}}


def _phone(number: int) -> str:
    return f"+1202555{100 + number % 100:04d}"


def _moment(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _precise(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond:06d}7Z"


def _number(seed: int, number: int, name: str) -> int:
    digest = hashlib.sha256(f"{seed}/{number}/{name}".encode()).digest()
    return int.from_bytes(digest[:4], "big")


def _pick(seed: int, number: int, name: str, among: Sequence[T]) -> T:
    return among[_number(seed, number, name) % len(among)]
