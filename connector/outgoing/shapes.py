"""What is sent to outside systems: customers and sales invoices, in no vendor's words."""

from datetime import date
from decimal import Decimal
from enum import StrEnum

import msgspec

from connector.synced.shapes import Address


class OutgoingKind(StrEnum):
    """What can be sent."""

    CUSTOMER = "customer"
    INVOICE = "invoice"


class OutgoingCustomer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A customer to add, or to change where it has an `external_id` there. By `code`, the tenant's
    own number, one that was added is found again."""

    code: str
    name: str
    is_person: bool = False
    contact_person: str = ""
    email: str = ""
    phone: str = ""
    address: Address | None = None
    company_register_number: str = ""
    external_id: str = ""


class OutgoingLine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line. Prices are without tax; the quantity can have a fraction. `vat_code`: how the books
    call the tax treatment; empty: as they choose by the percentage."""

    product_code: str
    product_name: str
    quantity: Decimal
    unit_price: Decimal
    vat_percent: Decimal
    text: str = ""
    vat_code: str = ""


class OutgoingInvoice(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A sales invoice to add.

    `customer`: external id of the customer in the receiving account. `currency`: ISO 4217.
    """

    customer: str
    dated: date
    lines: tuple[OutgoingLine, ...]
    payment_days: int = 14
    currency: str = ""
    our_reference: str = ""
    your_reference: str = ""


Outgoing = OutgoingCustomer | OutgoingInvoice

OUTGOING: dict[OutgoingKind, type[OutgoingCustomer] | type[OutgoingInvoice]] = {
    OutgoingKind.CUSTOMER: OutgoingCustomer,
    OutgoingKind.INVOICE: OutgoingInvoice,
}
