"""Sales invoices, in: salesinvoicelist.nv, getsalesinvoice.nv, deletedsalesinvoices.nv."""

from datetime import date
from decimal import Decimal
from typing import Final

import msgspec

from connector.providers.netvisor.documents import Node
from connector.providers.netvisor.texts import Texts

LISTED: Final = frozenset({"salesinvoice"})
DELETED: Final = frozenset({"deletedsalesinvoice"})


class InvoiceHead(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the list."""

    netvisor_key: int
    number: str | None = None
    dated: date | None = None
    due: date | None = None
    status: str | None = None
    """In lower case: open, paid, unsent, …"""
    substatus: str | None = None
    customer_key: int | None = None
    customer_code: str | None = None
    customer_name: str | None = None
    reference: str | None = None
    amount: Decimal | None = None
    unpaid: Decimal | None = None
    unread: tuple[str, ...] = ()


class InvoiceLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line with a product, or one with a comment alone."""

    product_code: str | None = None
    product_name: str | None = None
    unit_price: Decimal | None = None
    vat_percent: Decimal | None = None
    vat_code: str | None = None
    quantity: Decimal | None = None
    discount_percent: Decimal | None = None
    text: str | None = None
    vat_amount: Decimal | None = None
    amount: Decimal | None = None
    comment: str | None = None


class SalesInvoice(msgspec.Struct, frozen=True, kw_only=True):
    """One invoice. `unread`: names of elements whose values made no sense."""

    netvisor_key: int | None
    """None from servers that leave it out of a single answer."""
    number: str | None = None
    dated: date | None = None
    delivered: date | None = None
    due: date | None = None
    reference: str | None = None
    amount: Decimal | None = None
    currency: str | None = None
    status: str | None = None
    our_reference: str | None = None
    your_reference: str | None = None
    private_comment: str | None = None
    customer_key: int | None = None
    customer_code: str | None = None
    customer_name: str | None = None
    customer_organisation_id: str | None = None
    payment_days: int | None = None
    partial_payments: bool | None = None
    lines: tuple[InvoiceLine, ...] = ()
    unread: tuple[str, ...] = ()


class DeletedInvoice(msgspec.Struct, frozen=True, kw_only=True):
    """An invoice that is no more. Known for seven days."""

    netvisor_key: int
    deleted_on: date | None = None


def read_invoice_head(node: Node) -> InvoiceHead | None:
    """A row of salesinvoicelist; None without a key."""
    unread: list[str] = []
    said = Texts(node, unread)
    key = said.key("netvisorkey")
    if key is None:
        return None
    status = node.at("invoicestatus")
    return InvoiceHead(
        netvisor_key=key,
        number=said.text("invoicenumber"),
        dated=said.date("invoicedate"),
        due=said.date("invoiceduedate"),
        status=status.text.strip().lower() or None,
        substatus=status.attributes.get("substatus", "").strip().lower() or None,
        customer_key=said.key("customernetvisorkey"),
        customer_code=said.text("customercode"),
        customer_name=said.text("customername"),
        reference=said.text("referencenumber"),
        amount=said.decimal("invoicesum"),
        unpaid=said.decimal("opensum"),
        unread=tuple(unread),
    )


def read_invoice(node: Node) -> SalesInvoice:
    """The `SalesInvoice` of getsalesinvoice."""
    unread: list[str] = []
    said = Texts(node, unread)
    amount, status = node.at("salesinvoiceamount"), node.at("invoicestatus")
    return SalesInvoice(
        netvisor_key=said.key("salesinvoicenetvisorkey"),
        number=said.text("salesinvoicenumber"),
        dated=said.date("salesinvoicedate"),
        delivered=said.date("salesinvoicedeliverydate"),
        due=said.date("salesinvoiceduedate"),
        reference=said.text("salesinvoicereferencenumber"),
        amount=said.decimal("salesinvoiceamount"),
        currency=amount.attributes.get("iso4217currencycode", "").strip().upper() or None,
        status=(status.attributes.get("status") or status.text).strip().lower() or None,
        our_reference=said.text("salesinvoiceourreference"),
        your_reference=said.text("salesinvoiceyourreference"),
        private_comment=said.text("salesinvoiceprivatecomment"),
        customer_key=said.key("invoicingcustomernetvisorkey"),
        customer_code=said.text("invoicingcustomercode"),
        customer_name=said.text("invoicingcustomername"),
        customer_organisation_id=said.text(
            "invoicingcustomerorganizationidentifier", "invoicingcustomerorganisationidentifier"
        ),
        payment_days=_days(said),
        partial_payments=said.flag("matchpartialpaymentsbydefault"),
        lines=tuple(_lines(node, unread)),
        unread=tuple(unread),
    )


def read_deleted_invoice(node: Node) -> DeletedInvoice | None:
    """A row of deletedsalesinvoices; None without a key."""
    said = Texts(node, [])
    key = said.key("netvisorkey")
    if key is None:
        return None
    return DeletedInvoice(netvisor_key=key, deleted_on=said.date("deletedate", "deleteddate"))


def _days(said: Texts) -> int | None:
    days = said.decimal("paymenttermnetdays")
    return int(days) if days is not None else None


def _lines(node: Node, unread: list[str]) -> list[InvoiceLine]:
    """In order, whether each has an `InvoiceLine` of its own or all are in one."""
    found = [
        line for group in node.at("invoicelines").all("invoiceline") for line in group.children
    ]
    return [
        _product_line(Texts(line, unread))
        if line.name == "salesinvoiceproductline"
        else InvoiceLine(comment=line.said("comment") or None)
        for line in found
        if line.name in ("salesinvoiceproductline", "salesinvoicecommentline")
    ]


def _product_line(said: Texts) -> InvoiceLine:
    vat = said.node.at("productvatpercentage")
    return InvoiceLine(
        product_code=said.text("productidentifier"),
        product_name=said.text("productname"),
        unit_price=said.decimal("productunitprice"),
        vat_percent=said.decimal("productvatpercentage"),
        vat_code=vat.attributes.get("vatcode", "").strip().upper() or None,
        quantity=said.decimal("salesinvoiceproductlinequantity"),
        discount_percent=said.decimal("salesinvoiceproductlinediscountpercentage"),
        text=said.text("salesinvoiceproductlinefreetext"),
        vat_amount=said.decimal("salesinvoiceproductlinevatsum"),
        amount=said.decimal("salesinvoiceproductlinesum"),
    )
