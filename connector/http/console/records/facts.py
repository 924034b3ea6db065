"""Invoices, subscriptions and products as their pages tell of them."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from connector.http.console.records.lines import (
    Line,
    address_lines,
    amount,
    day,
    number,
    told,
)
from connector.http.console.records.origins import Names, origin_of
from connector.synced.columns import RecordState
from connector.synced.shapes import Invoice, Payment, Product, Subscription
from connector.synced.views import RecordView

_NOBODY: Final = "Not named, or it may not be shown"


@dataclass(frozen=True, slots=True)
class InvoiceFacts:
    """A line of the list, and the head of a page."""

    id: uuid.UUID
    number: str
    customer: str
    dated: date | None
    due: date | None
    total: str
    open_amount: str
    status: str
    held: bool
    hold_until: date | None


@dataclass(frozen=True, slots=True)
class SubscriptionFacts:
    """A line of the list, and the head of a page."""

    id: uuid.UUID
    product: str
    quantity: str
    status: str
    since: date | None
    renews: bool | None


@dataclass(frozen=True, slots=True)
class ProductFacts:
    """A line of the list."""

    id: uuid.UUID
    name: str
    code: str
    price: str
    vat: str
    active: bool
    origin: str


def invoice_facts(view: RecordView[Invoice], recipient: str = "") -> InvoiceFacts:
    """The facts of an opened invoice. `recipient`: whom it is to, where it does not say so."""
    invoice = view.record
    return InvoiceFacts(
        id=view.id,
        number=invoice.number or "without a number",
        customer=invoice.customer_name or recipient,
        dated=invoice.dated,
        due=invoice.due,
        total=amount(invoice.total, invoice.currency),
        open_amount=amount(invoice.open_amount, invoice.currency),
        status=invoice.status,
        held=view.state is RecordState.HELD,
        hold_until=view.hold_until,
    )


def newest_first(views: Iterable[RecordView[Invoice]]) -> list[RecordView[Invoice]]:
    """The latest change first, as a page has them; those of one reading by their dates."""
    return sorted(
        views,
        key=lambda view: (view.changed_at, view.record.dated or date.min, view.record.number),
        reverse=True,
    )


def invoice_lines(view: RecordView[Invoice], names: Names, recipient: str = "") -> list[Line]:
    """Everything that is kept of an invoice, its rows and payments left out."""
    invoice, payer = view.record, view.record.payer
    return told(
        [
            Line("Customer", invoice.customer_name or recipient or _NOBODY),
            Line("Date", day(invoice.dated)),
            Line("Due", day(invoice.due)),
            Line("Total", amount(invoice.total, invoice.currency)),
            Line("Still open", amount(invoice.open_amount, invoice.currency)),
            Line("State", invoice.status),
            Line("Payer", payer.name if payer else ""),
            Line("Payment address", texts=address_lines(payer.address if payer else None)),
            Line("Reference", payer.reference if payer else ""),
            Line("Comes from", origin_of(view, names)),
            Line("Kept for the books until", _last_day(view.hold_until)),
            Line("Last changed", at=view.changed_at),
        ]
    )


def _last_day(hold_until: date | None) -> str:
    """The last day that it is kept."""
    return day(hold_until - timedelta(days=1)) if hold_until else ""


def row_lines(invoice: Invoice) -> list[tuple[str, str, str, str]]:
    """Text, quantity, price and amount of each row."""
    return [
        (
            row.text,
            number(row.quantity),
            amount(row.unit_price, invoice.currency),
            amount(row.amount, invoice.currency),
        )
        for row in invoice.lines
    ]


def payment_lines(payments: list[RecordView[Payment]]) -> list[tuple[date | None, str, str]]:
    """Day, amount and payer of each."""
    return [
        (
            view.record.paid,
            amount(view.record.amount, view.record.currency),
            view.record.payer.name if view.record.payer else "",
        )
        for view in payments
    ]


def subscription_facts(view: RecordView[Subscription]) -> SubscriptionFacts:
    """The facts of an opened subscription."""
    held = view.record
    since = held.started_at or held.ordered_at
    return SubscriptionFacts(
        id=view.id,
        product=held.product_name or held.product or "without a name",
        quantity=number(held.quantity, held.unit),
        status=held.status,
        since=since.date() if since else None,
        renews=held.renews,
    )


def subscription_lines(view: RecordView[Subscription], names: Names) -> list[Line]:
    """Everything that is kept of a subscription."""
    held = view.record
    renews = {None: "", True: "by itself", False: "not by itself"}[held.renews]
    return told(
        [
            Line("Product", held.product_name),
            Line("Its number there", held.product),
            Line("Quantity", number(held.quantity, held.unit)),
            Line("State", held.status),
            Line("Ordered", at=held.ordered_at),
            Line("Since", at=held.started_at),
            Line("Agreed until", at=held.committed_until),
            Line("Renewed", renews),
            Line("Order", held.order),
            Line("Comes from", origin_of(view, names)),
            Line("Last changed", at=view.changed_at),
        ]
    )


def product_facts(view: RecordView[Product], names: Names) -> ProductFacts:
    """The facts of an opened product."""
    product = view.record
    price = amount(product.unit_price, product.currency)
    return ProductFacts(
        id=view.id,
        name=product.name or "without a name",
        code=product.code,
        price=f"{price} / {product.unit}" if price and product.unit else price,
        vat=f"{product.vat_percent:f}\u00a0%" if product.vat_percent is not None else "",
        active=product.active,
        origin=origin_of(view, names),
    )
