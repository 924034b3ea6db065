"""Charge on what a connected system invoiced: its invoice becomes a sales invoice elsewhere, once.

A cloud's invoice to the tenant for a customer becomes the tenant's invoice to that customer.
"""

import uuid
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from sqlalchemy import select

from connector.accounts.find import find_account, list_accounts
from connector.accounts.kinds import AccountKind
from connector.accounts.models import ConnectorAccount
from connector.contacts.kinds import TokenKind
from connector.contacts.registers import compact
from connector.contacts.search import contacts_matching
from connector.invoices.shelf import INVOICES
from connector.outgoing.charges import Charge, ChargeLine, bill_charge
from connector.outgoing.models import OutgoingDocument
from connector.outgoing.request import Requested
from connector.outgoing.vat_codes import wrong_vat_code
from connector.synced.columns import RecordState
from connector.synced.read import find_record
from connector.synced.shapes import Invoice, InvoiceLine
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Conflict, Invalid
from privacy.vault.keyring import Keyring

TAKES_INVOICES: Final = frozenset({AccountKind.NETVISOR})
_ONE: Final = Decimal(1)


class NotToBeBilled(Conflict):
    """It is a sales invoice already, or kept for the law alone."""

    code = "invoice_not_to_be_billed"
    message = "This invoice cannot be charged on: it is a sales invoice, or it is held."


@dataclass(frozen=True, slots=True)
class Billing:
    """Where and how it is charged on.

    Args:
        account_id: the books that get the sales invoice.
        customer_code: the customer's number in those books.
        product_code: the product in those books that the rows are of.
        vat_percent: added to the prices, which are without tax.
        vat_code: how those books call the tax treatment; empty: as they choose by the percentage.
    """

    account_id: uuid.UUID
    customer_code: str
    product_code: str
    vat_percent: Decimal
    vat_code: str = ""


def can_be_billed(work: UnitOfWork, account_id: uuid.UUID | None) -> list[ConnectorAccount]:
    """The books that can take what `account_id` invoiced; none where it is a book itself."""
    accounts = list_accounts(work)
    kinds = {row.id: AccountKind(row.kind) for row in accounts}
    if account_id not in kinds or kinds[account_id] in TAKES_INVOICES:
        return []
    return [row for row in accounts if AccountKind(row.kind) in TAKES_INVOICES]


def billed_as(work: UnitOfWork, invoice_id: uuid.UUID) -> OutgoingDocument | None:
    """What it has become already, in whichever books."""
    found: OutgoingDocument | None = work.session.scalar(
        select(OutgoingDocument).where(
            OutgoingDocument.reference == f"charge:{_source(invoice_id)}"
        )
    )
    return found


def bill_invoice(
    work: UnitOfWork, *, vault: Keyring, invoice_id: uuid.UUID, billing: Billing
) -> Requested:
    """Have it invoiced, once: whoever asks again gets the same document, whatever they say then.

    Raises:
        NotFound: no such invoice or account. NotToBeBilled. Invalid: by the names of Billing.
    """
    # The lock lets two who click at once go one after the other.
    view = find_record(work, vault=vault, shelf=INVOICES, record_id=invoice_id, lock=True)
    known = billed_as(work, invoice_id)
    if known is not None:
        return Requested(known.id, known.state, known.external_id)
    books = {row.id for row in can_be_billed(work, view.account_id)}
    find_account(work, billing.account_id)
    if complaint := wrong_vat_code(billing.vat_code, billing.vat_percent):
        raise Invalid(fields={"vat_code": complaint})
    if view.state is RecordState.HELD or billing.account_id not in books:
        raise NotToBeBilled
    charge = _charge(invoice_id, view.record, billing, _customer(work, vault, billing), work.today)
    return bill_charge(work, vault=vault, account_id=billing.account_id, charge=charge)


def _source(invoice_id: uuid.UUID) -> str:
    return f"invoice:{invoice_id}"


def _customer(work: UnitOfWork, vault: Keyring, billing: Billing) -> str:
    """Its external id there."""
    word = compact(billing.customer_code)
    found = contacts_matching(work, vault=vault, kind=TokenKind.CODE, word=word) if word else []
    ids = {one.external_id for one in found if one.account_id == billing.account_id}
    if len(ids) != 1:
        said = "No customer of those books has this number. Read the books, or look it up there."
        raise Invalid(fields={"customer_code": said})
    return ids.pop()


def _charge(
    invoice_id: uuid.UUID, invoice: Invoice, billing: Billing, customer: str, today: date
) -> Charge:
    dated = invoice.dated or today
    lines = invoice.lines or (InvoiceLine(text=invoice.number, amount=invoice.total),)
    return Charge(
        source=_source(invoice_id),
        customer=customer,
        since=dated.replace(day=1),
        until=dated,
        lines=tuple(_line(line, billing) for line in lines),
        dated=today,
        currency=invoice.currency,
    )


def _line(line: InvoiceLine, billing: Billing) -> ChargeLine:
    quantity = line.quantity or _ONE
    amount = Decimal(0) if line.amount is None else line.amount
    price = line.unit_price if line.unit_price is not None else amount / quantity
    return ChargeLine(
        code=billing.product_code,
        name=line.text or line.product_code or billing.product_code,
        quantity=quantity,
        unit_price=price,
        vat_percent=billing.vat_percent,
        vat_code=billing.vat_code,
    )
