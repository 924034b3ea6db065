"""Payments of sales invoices, in: salespaymentlist.nv."""

from datetime import date, datetime
from decimal import Decimal
from typing import Final

import msgspec

from connector.providers.netvisor.documents import Node
from connector.providers.netvisor.texts import Texts

LISTED: Final = frozenset({"salespayment"})


class Payment(msgspec.Struct, frozen=True, kw_only=True):
    """Money that came in. Several may have one invoice, and one may have none."""

    netvisor_key: int
    payer: str | None = None
    paid_on: date | None = None
    amount: Decimal | None = None
    reference: str | None = None
    invoice_number: str | None = None
    bank_status: str | None = None
    bank_error_code: str | None = None
    modified_at: datetime | None = None
    """Naive, as Netvisor writes it."""
    unread: tuple[str, ...] = ()


def read_payment(node: Node) -> Payment | None:
    """A row of salespaymentlist; None without a key."""
    unread: list[str] = []
    said = Texts(node, unread)
    key = said.key("netvisorkey")
    if key is None:
        return None
    error = node.child("bankstatuserrordescription")
    return Payment(
        netvisor_key=key,
        payer=said.text("name"),
        paid_on=said.date("date"),
        amount=said.decimal("sum"),
        reference=said.text("referencenumber"),
        invoice_number=said.text("invoicenumber"),
        bank_status=said.text("bankstatus"),
        bank_error_code=(error.attributes.get("code") or None) if error else None,
        modified_at=said.moment("lastmodifiedtimestamp"),
        unread=tuple(unread),
    )
