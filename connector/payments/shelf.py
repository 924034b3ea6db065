"""Where payments are kept."""

from typing import Final

import msgspec
from sqlalchemy import Table

from connector.payments import models
from connector.synced.holds import hold_until
from connector.synced.kept import Kept
from connector.synced.shapes import Payment, RecordKind
from connector.synced.shelves import Circumstances, Findings, Shelf
from privacy.vault.labels import Scope

_TABLE = models.Payment.__table__
assert isinstance(_TABLE, Table)  # noqa: S101 - for the type checker


def numbered(number: str) -> str:
    """What stands for an invoice whose number is all that is known; no external id is like it."""
    return f"\0number:{number}" if number else ""


def findings_of(payment: Payment, _external_id: str, seen: Circumstances) -> Findings:
    """Which invoice it pays, and how long the seller must keep it: it is a voucher as well."""
    invoice = payment.invoice or numbered(payment.invoice_number)
    about = (RecordKind.INVOICES, invoice) if invoice else None
    if not seen.obliged:
        return Findings(about=about)
    paid = payment.paid or seen.today
    return Findings(about=about, hold_until=hold_until(seen.region, paid, year_ends=seen.year_ends))


def books_of(payment: Payment) -> Payment:
    """What the books need of one that is held: no way to its payer."""
    return msgspec.structs.replace(payment, payer=None)


PAYMENTS: Final[Shelf[Payment]] = Shelf(
    kind=RecordKind.PAYMENTS,
    table=_TABLE,
    scope=Scope.DOCUMENTS,
    word="payment",
    shape=Payment,
    decoder=msgspec.msgpack.Decoder(Kept[Payment]),
    read=findings_of,
    books=books_of,
)
