"""What is received from outside systems, mapped: one typed shape a kind of thing.

Only what a profile declares is in them (promise A12). Money is Decimal in the currency beside
it; days are days, moments aware. An empty tuple or None says that the system told nothing.
"""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

import msgspec


class RecordKind(StrEnum):
    """Kinds of things that a stream can bring."""

    CONTACTS = "contacts"
    PRODUCTS = "products"
    INVOICES = "invoices"
    PAYMENTS = "payments"
    SUBSCRIPTIONS = "subscriptions"
    CALLS = "calls"


class _Shape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Base of all shapes."""


class Address(_Shape, frozen=True, kw_only=True, omit_defaults=True):
    """A postal address. `country` is ISO 3166, two letters."""

    street: str = ""
    postcode: str = ""
    city: str = ""
    country: str = ""


class Contact(_Shape, frozen=True, kw_only=True, omit_defaults=True):
    """A customer or prospect of the tenant: a company with a contact person, or a person."""

    name: str
    is_person: bool = False
    code: str = ""
    """The tenant's own customer number."""
    contact_person: str = ""
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    """As the source writes them; they are made canonical when tokens are made of them."""
    address: Address | None = None
    company_register_number: str = ""
    vat_id: str = ""
    group: str = ""
    language: str = ""
    active: bool = True


class Product(_Shape, frozen=True, kw_only=True, omit_defaults=True):
    """Something that the tenant sells."""

    name: str
    code: str = ""
    unit: str = ""
    unit_price: Decimal | None = None
    vat_percent: Decimal | None = None
    currency: str = ""
    active: bool = True


class InvoiceLine(_Shape, frozen=True, kw_only=True, omit_defaults=True):
    """One line of an invoice."""

    text: str
    product_code: str = ""
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    vat_percent: Decimal | None = None
    amount: Decimal | None = None


class Payer(_Shape, frozen=True, kw_only=True, omit_defaults=True):
    """Who pays, where a bill goes to and under which reference (promise A7). Never a card."""

    name: str = ""
    address: Address | None = None
    reference: str = ""


class Invoice(_Shape, frozen=True, kw_only=True, omit_defaults=True):
    """A sales invoice. `country` is the seller's: its law says how long the invoice is held."""

    number: str = ""
    dated: date | None = None
    due: date | None = None
    customer: str = ""
    """External id of the customer in the same account."""
    customer_name: str = ""
    currency: str = ""
    total: Decimal | None = None
    open_amount: Decimal | None = None
    status: str = ""
    payer: Payer | None = None
    lines: tuple[InvoiceLine, ...] = ()
    country: str = ""


class Payment(_Shape, frozen=True, kw_only=True, omit_defaults=True):
    """A payment of an invoice."""

    invoice: str = ""
    """External id of the invoice in the same account; empty where the system tells none."""
    invoice_number: str = ""
    """Its number, where that is all that the system tells."""
    paid: date | None = None
    amount: Decimal | None = None
    currency: str = ""
    payer: Payer | None = None


class Subscription(_Shape, frozen=True, kw_only=True, omit_defaults=True):
    """Which service or product a customer has, since when (promise A15)."""

    customer: str
    """External id of the customer in the same account."""
    product: str = ""
    product_name: str = ""
    quantity: Decimal | None = None
    unit: str = ""
    status: str = ""
    ordered_at: datetime | None = None
    started_at: datetime | None = None
    committed_until: datetime | None = None
    renews: bool | None = None
    order: str = ""


Shape = Contact | Product | Invoice | Payment | Subscription
"""What a stream brings, calls excepted: those are connector.calls.shapes.IncomingCall."""

SHAPES: dict[RecordKind, type[Shape]] = {
    RecordKind.CONTACTS: Contact,
    RecordKind.PRODUCTS: Product,
    RecordKind.INVOICES: Invoice,
    RecordKind.PAYMENTS: Payment,
    RecordKind.SUBSCRIPTIONS: Subscription,
}
