"""From Netvisor's records to ours, and from a kept document again.

A document holds what the mapping was made from and nothing else: no comments, no electronic
addresses, and no identifier of a private person, which can be a personal identity code.
"""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, Final

import msgspec

from connector.providers.netvisor import customers, invoices, payments, products
from connector.providers.netvisor.fields import is_business_id
from connector.providers.port import Received
from connector.synced.shapes import (
    Address,
    Contact,
    Invoice,
    InvoiceLine,
    Payer,
    Payment,
    Product,
)

EURO: Final = "EUR"
FINLAND: Final = "FI"
_CUSTOMER: Final = frozenset(
    {"comment", "home_page", "einvoice_address", "einvoice_operator", "reference", "unread"}
)
_INVOICE: Final = frozenset(
    {"private_comment", "our_reference", "your_reference", "customer_organisation_id", "unread"}
)


class KeptInvoice(msgspec.Struct, frozen=True, kw_only=True):
    """An invoice and what only its row in the list tells."""

    invoice: invoices.SalesInvoice
    unpaid: Decimal | None = None
    status: str | None = None


def receive_customer(customer: customers.Customer) -> Received:
    """A customer, with the identifier of companies alone."""
    if customer.is_private or not is_business_id(customer.organisation_id or ""):
        customer = msgspec.structs.replace(customer, organisation_id=None)
    contact = Contact(
        name=" ".join(_said(customer.name, customer.name_extension)),
        is_person=bool(customer.is_private),
        code=customer.code or "",
        contact_person=next(iter(_said(*(one.name for one in customer.contacts))), ""),
        emails=_said(
            customer.email,
            customer.invoicing_email,
            *(one.email for one in customer.contacts),
        ),
        phones=_said(customer.phone, *(one.phone for one in customer.contacts)),
        address=_address(customer),
        company_register_number=customer.organisation_id or "",
        group=customer.group or "",
        active=customer.is_active is not False,
    )
    return _received(customer.netvisor_key, contact, customer, without=_CUSTOMER)


def receive_product(product: products.Product) -> Received:
    """A product."""
    made = Product(
        name=product.name or product.code or "",
        code=product.code or "",
        unit_price=product.unit_price,
        currency=EURO,
    )
    return _received(product.netvisor_key, made, product, without=frozenset({"unread"}))


def receive_invoice(kept: KeptInvoice) -> Received:
    """A sales invoice."""
    said = kept.invoice
    made = Invoice(
        number=said.number or "",
        dated=said.dated,
        due=said.due,
        customer=str(said.customer_key or ""),
        customer_name=said.customer_name or "",
        currency=said.currency or EURO,
        total=said.amount,
        open_amount=kept.unpaid,
        status=said.status or kept.status or "",
        payer=Payer(name=said.customer_name or "", reference=said.reference or ""),
        lines=tuple(_line(line) for line in said.lines),
        country=FINLAND,
    )
    bare = {"invoice": _plain(said, _INVOICE), **_plain(kept, frozenset({"invoice"}))}
    return Received(external_id=str(said.netvisor_key), record=made, document=_json(bare))


def receive_payment(payment: payments.Payment) -> Received:
    """A payment. Netvisor tells the invoice's number, not its key."""
    made = Payment(
        invoice_number=payment.invoice_number or "",
        paid=payment.paid_on,
        amount=payment.amount,
        currency=EURO,
        payer=Payer(name=payment.payer or "", reference=payment.reference or ""),
    )
    dropped = frozenset({"unread", "bank_error_code"})
    return _received(payment.netvisor_key, made, payment, without=dropped)


def remap(stream: str, document: bytes) -> Received | None:
    """The record of a kept document; None where it cannot be read any more."""
    read = _READERS.get(stream)
    try:
        return read(document) if read else None
    except msgspec.DecodeError:
        return None


_READERS: Final[dict[str, Callable[[bytes], Received]]] = {
    "customers": lambda d: receive_customer(msgspec.json.decode(d, type=customers.Customer)),
    "products": lambda d: receive_product(msgspec.json.decode(d, type=products.Product)),
    "invoices": lambda d: receive_invoice(msgspec.json.decode(d, type=KeptInvoice)),
    "payments": lambda d: receive_payment(msgspec.json.decode(d, type=payments.Payment)),
}


def _received(
    key: int | None, record: Any, said: msgspec.Struct, *, without: frozenset[str]
) -> Received:
    return Received(external_id=str(key), record=record, document=_json(_plain(said, without)))


def _plain(said: msgspec.Struct, without: frozenset[str]) -> dict[str, Any]:
    """What was told, without what was not and what is not wanted."""
    whole: dict[str, Any] = msgspec.to_builtins(said)
    return {
        name: value
        for name, value in whole.items()
        if name not in without and (value is not None and value != () and value != [])
    } | ({"netvisor_key": whole["netvisor_key"]} if "netvisor_key" in whole else {})


def _json(said: dict[str, Any]) -> bytes:
    return msgspec.json.encode(said)


def _said(*texts: str | None) -> tuple[str, ...]:
    """Each text once, in order, empty ones left out."""
    return tuple(dict.fromkeys(_stripped(texts)))


def _stripped(texts: Iterable[str | None]) -> Iterable[str]:
    return (text.strip() for text in texts if text and text.strip())


def _address(customer: customers.Customer) -> Address | None:
    made = Address(
        street=", ".join(_said(customer.street, customer.street_extension)),
        postcode=customer.postal_code or "",
        city=customer.city or "",
        country=customer.country or "",
    )
    return made if made != Address(country=made.country) else None


def _line(line: invoices.InvoiceLine) -> InvoiceLine:
    return InvoiceLine(
        text=" ".join(_said(line.product_name, line.text, line.comment)),
        product_code=line.product_code or "",
        quantity=line.quantity,
        unit_price=line.unit_price,
        vat_percent=line.vat_percent,
        amount=line.amount,
    )
