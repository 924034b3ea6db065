"""Books to begin with: the same for the same seed, of people and companies that do not exist."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final, TypeVar

from connector.simulators.netvisor.books import (
    Books,
    CustomerEntry,
    InvoiceEntry,
    LineEntry,
    PaymentEntry,
    ProductEntry,
)

_FIRST: Final = ("Aino", "Åke", "Björn", "Elli", "Jürgen", "Kaarina", "Mäki", "Noël", "Robin")
_LAST: Final = ("Esimerkki", "Example", "Beispiel", "Exempel", "Hyväkäs", "Testinen", "Ömer")
_TRADES: Final = ("Sähkö", "Kahvila", "Design & Co", "Werkstatt", "Logistics", "Kirjakauppa")
_CITIES: Final = (("00100", "Helsinki"), ("33100", "Tampere"), ("20100", "Turku"))
_WARES: Final = (
    *(("CALLS", "Call minutes", "0.0490"), ("SEAT", "Seat, monthly", "12.5000")),
    *(("LIC-M365", "Licence, monthly", "10.80"), ("HOUR", "Consulting, hour", "95")),
)
INVOICES_FROM: Final = 4
"""Each fourth customer has an invoice; each second of those is paid."""

T = TypeVar("T")


def seeded(seed: int, *, customers: int, now: datetime) -> Books:
    """Books with so many customers, products, and some invoices and payments."""
    books = Books()
    for code, name, price in _WARES:
        key = books.new_key()
        changed = now - timedelta(days=90)
        books.products[key] = ProductEntry(
            key, changed, code, name, Decimal(price), Decimal("25.5")
        )
    for number in range(customers):
        customer = _customer(books.new_key(), seed, number, now)
        books.customers[customer.key] = customer
        if number % INVOICES_FROM == 0:
            _invoice(books, customer, seed, number, now)
    return books


def _customer(key: int, seed: int, number: int, now: datetime) -> CustomerEntry:
    person = f"{_pick(seed, number, 'first', _FIRST)} {_pick(seed, number, 'last', _LAST)}"
    company = f"{_pick(seed, number, 'trade', _TRADES)} {person.split()[1]} Oy"
    private = number % 5 == 4
    postal_code, city = _pick(seed, number, "city", _CITIES)
    base = {
        "internalidentifier": f"C{number:05d}",
        "externalidentifier": "" if private else f"{number % 10_000_000:07d}-X",
        "name": person if private else company,
        "streetaddress": f"Esimerkkikatu {number + 1}",
        "postnumber": postal_code,
        "city": city,
        "country": "FI",
        "phonenumber": f"+1 202 555 {100 + number % 100:04d}",
        "email": f"customer{number}@example.com",
        "isactive": "1",
        "isprivatecustomer": "1" if private else "0",
    }
    contact = {} if private else {"contactperson": person, "contactpersonphone": _london(number)}
    groups = {"customerbaseinformation": base, "customercontactdetails": contact}
    age = timedelta(days=1 + _number(seed, number, "age") % 700)
    return CustomerEntry(key, now - age, groups)


def _invoice(books: Books, customer: CustomerEntry, seed: int, number: int, now: datetime) -> None:
    dated = (now - timedelta(days=1 + _number(seed, number, "dated") % 60)).date()
    lines = [
        LineEntry(code, name, Decimal(price), Decimal("25.5"), quantity=Decimal(1 + number % 7))
        for code, name, price in _WARES[: 1 + number % 3]
    ]
    key = books.new_key()
    changed = now - timedelta(hours=1 + _number(seed, number, "changed") % 1400)
    due = dated + timedelta(days=14)
    invoice = InvoiceEntry(key, changed, customer.key, 1000 + number, dated, due, 14, "open", lines)
    books.invoices[key] = invoice
    invoice.unpaid = invoice.amount
    if number % (2 * INVOICES_FROM) == 0:
        _payment(books, invoice, customer)


def _payment(books: Books, invoice: InvoiceEntry, customer: CustomerEntry) -> None:
    key, payer = books.new_key(), customer.said("name")
    books.payments[key] = PaymentEntry(
        key, invoice.modified_at, invoice.number, payer, invoice.due, invoice.amount
    )
    invoice.unpaid, invoice.status = Decimal(0), "paid"


def _london(number: int) -> str:
    return f"+44 20 7946 0{number % 1000:03d}"


def _number(seed: int, number: int, name: str) -> int:
    digest = hashlib.sha256(f"{seed}/{number}/{name}".encode()).digest()
    return int.from_bytes(digest[:4], "big")


def _pick(seed: int, number: int, name: str, among: Sequence[T]) -> T:
    return among[_number(seed, number, name) % len(among)]
