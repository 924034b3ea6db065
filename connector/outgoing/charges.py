"""A charge of something that was used or licensed, as a sales invoice for whoever pays it."""

import uuid
from datetime import date
from decimal import Decimal

import msgspec

from connector.outgoing.request import Requested, send_invoice
from connector.outgoing.shapes import OutgoingInvoice, OutgoingLine
from privacy.core.db.work import UnitOfWork
from privacy.vault.keyring import Keyring


class ChargeLine(msgspec.Struct, frozen=True, kw_only=True):
    """So much of something, at a price without tax."""

    code: str
    name: str
    quantity: Decimal
    unit_price: Decimal
    vat_percent: Decimal
    vat_code: str = ""


class Charge(msgspec.Struct, frozen=True, kw_only=True):
    """What a customer owes for a period.

    `source`: which charge this is, in its source's words: one source, one invoice.
    `customer`: external id of the customer in the account that gets the invoice.
    """

    source: str
    customer: str
    since: date
    until: date
    """The last day, included."""
    lines: tuple[ChargeLine, ...]
    dated: date
    payment_days: int = 14
    currency: str = ""


def charge_to_invoice(charge: Charge) -> OutgoingInvoice:
    """The invoice of a charge; each line says its period."""
    period = f"{charge.since.isoformat()} – {charge.until.isoformat()}"
    return OutgoingInvoice(
        customer=charge.customer,
        dated=charge.dated,
        payment_days=charge.payment_days,
        currency=charge.currency,
        our_reference=charge.source[:35],
        lines=tuple(
            OutgoingLine(
                product_code=line.code,
                product_name=line.name,
                quantity=line.quantity,
                unit_price=line.unit_price,
                vat_percent=line.vat_percent,
                vat_code=line.vat_code,
                text=period,
            )
            for line in charge.lines
        ),
    )


def bill_charge(
    work: UnitOfWork, *, vault: Keyring, account_id: uuid.UUID, charge: Charge
) -> Requested:
    """Have it invoiced, once. Raises as `send_invoice` does."""
    return send_invoice(
        work,
        vault=vault,
        account_id=account_id,
        reference=f"charge:{charge.source}",
        invoice=charge_to_invoice(charge),
    )
