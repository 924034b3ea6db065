"""Records as the API shows them."""

import uuid
from datetime import date, datetime
from decimal import Decimal

import msgspec

from connector.synced.shapes import Address, InvoiceLine, Payer


class Stored(msgspec.Struct, frozen=True, kw_only=True):
    """What every record has. `account` is null for what was entered here; `external_id` is the
    connected system's own. `version` counts changes here. Of a `restricted` one (GDPR Art. 18)
    nothing is said."""

    id: uuid.UUID
    version: int
    account: uuid.UUID | None
    external_id: str
    source: str
    source_name: str | None
    subject_group: str
    first_seen_at: datetime
    changed_at: datetime
    restricted: bool


class StoredContact(Stored, frozen=True, kw_only=True):
    """A customer or prospect: a company with a contact person, or a person. A number that is not
    formed as its country forms them is kept as it came, and `…_valid` says so; null: not judged.
    """

    name: str
    is_person: bool
    code: str
    contact_person: str
    emails: tuple[str, ...]
    phones: tuple[str, ...]
    numbers: tuple[str, ...]
    address: Address | None
    company_register_number: str
    vat_id: str
    group: str
    language: str
    active: bool
    vat_id_valid: bool | None
    company_register_number_valid: bool | None


class StoredProduct(Stored, frozen=True, kw_only=True):
    """Something that the tenant sells."""

    name: str
    code: str
    unit: str
    unit_price: Decimal | None
    vat_percent: Decimal | None
    currency: str
    active: bool


class StoredPayment(Stored, frozen=True, kw_only=True):
    """A payment of an invoice: known by its external id or its number, as the source tells."""

    invoice: str
    invoice_number: str
    paid: date | None
    amount: Decimal | None
    currency: str
    payer: Payer | None


class StoredInvoice(Stored, frozen=True, kw_only=True):
    """A sales invoice. `held` ones are gone at their source and kept for the law alone, until
    `hold_until`; of them only what the books need is shown. `customer` is the external id of the
    customer in the same account. Payments come with a single invoice only.
    """

    number: str
    dated: date | None
    due: date | None
    customer: str
    customer_name: str
    currency: str
    total: Decimal | None
    open_amount: Decimal | None
    status: str
    payer: Payer | None
    lines: tuple[InvoiceLine, ...]
    held: bool
    hold_until: date | None
    payments: list[StoredPayment] | None = None


class StoredSubscription(Stored, frozen=True, kw_only=True):
    """Which service or product a customer has, since when."""

    customer: str
    product: str
    product_name: str
    quantity: Decimal | None
    unit: str
    status: str
    ordered_at: datetime | None
    started_at: datetime | None
    committed_until: datetime | None
    renews: bool | None
    order: str


class Contacts(msgspec.Struct, frozen=True):
    """A page. Without `next_cursor` it is the last one."""

    contacts: list[StoredContact]
    next_cursor: str | None


class Products(msgspec.Struct, frozen=True):
    """A page. Without `next_cursor` it is the last one."""

    products: list[StoredProduct]
    next_cursor: str | None


class Payments(msgspec.Struct, frozen=True):
    """A page. Without `next_cursor` it is the last one."""

    payments: list[StoredPayment]
    next_cursor: str | None


class Invoices(msgspec.Struct, frozen=True):
    """A page. Without `next_cursor` it is the last one."""

    invoices: list[StoredInvoice]
    next_cursor: str | None


class Subscriptions(msgspec.Struct, frozen=True):
    """A page. Without `next_cursor` it is the last one."""

    subscriptions: list[StoredSubscription]
    next_cursor: str | None
