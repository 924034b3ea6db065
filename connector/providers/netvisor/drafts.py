"""What is sent to Netvisor: customers and sales invoices.

In a change, None leaves a value as it is and an empty text clears it: Netvisor does so with
elements that are missing and elements that are empty.
"""

from datetime import date
from decimal import Decimal

import msgspec


class CustomerDraft(msgspec.Struct, frozen=True, kw_only=True):
    """A customer to add (`name` is needed), or what to change of one."""

    code: str | None = None
    organisation_id: str | None = None
    name: str | None = None
    name_extension: str | None = None
    street: str | None = None
    street_extension: str | None = None
    city: str | None = None
    postal_code: str | None = None
    country: str | None = None
    """ISO 3166, two letters."""
    group: str | None = None
    phone: str | None = None
    email: str | None = None
    home_page: str | None = None
    is_active: bool | None = None
    is_private: bool | None = None
    invoicing_email: str | None = None
    einvoice_address: str | None = None
    einvoice_operator: str | None = None
    contact_person: str | None = None
    contact_email: str | None = None
    contact_phone: str | None = None
    comment: str | None = None


class LineDraft(msgspec.Struct, frozen=True, kw_only=True):
    """One line of an invoice. `product_code` is the company's own; prices are without tax."""

    product_code: str
    product_name: str
    unit_price: Decimal
    vat_percent: Decimal
    quantity: Decimal
    vat_code: str = "KOMY"
    """Netvisor's: KOMY is a domestic sale, NONE is no VAT handling."""
    text: str | None = None


class InvoiceDraft(msgspec.Struct, frozen=True, kw_only=True):
    """A sales invoice. `marker` finds it again: unique among everything that is ever sent, without
    spaces; it stands in the private comment, which the invoice's receiver does not see."""

    marker: str
    dated: date
    customer_key: int
    payment_days: int
    lines: tuple[LineDraft, ...]
    delivered: date | None = None
    currency: str | None = None
    """ISO 4217; euros when None."""
    status: str = "unsent"
    our_reference: str | None = None
    your_reference: str | None = None
    text_before_lines: str | None = None
    comments: tuple[str, ...] = ()
    """Lines of text after the others."""

    def __post_init__(self) -> None:
        if not self.marker.isascii() or self.marker.split() != [self.marker]:
            raise ValueError("a marker is one word of ASCII")
        if not self.lines:
            raise ValueError("an invoice has at least one line")
