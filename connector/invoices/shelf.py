"""Where invoices are kept."""

from typing import Final

import msgspec
from sqlalchemy import Table

from connector.invoices import models
from connector.payments.shelf import numbered
from connector.synced.holds import hold_until
from connector.synced.kept import Kept
from connector.synced.shapes import Invoice, RecordKind
from connector.synced.shelves import Circumstances, Findings, Shelf
from privacy.vault.labels import Scope

_TABLE = models.Invoice.__table__
assert isinstance(_TABLE, Table)  # noqa: S101 - for the type checker


def findings_of(invoice: Invoice, external_id: str, seen: Circumstances) -> Findings:
    """Whose it is, and how long the seller must keep it."""
    about = (RecordKind.CONTACTS, invoice.customer) if invoice.customer else None
    leads = tuple(filter(None, (external_id, numbered(invoice.number))))
    if not seen.obliged:
        return Findings(about=about, leads=leads)
    country, dated = invoice.country or seen.region, invoice.dated or seen.today
    until = hold_until(country, dated, year_ends=seen.year_ends)
    return Findings(about=about, hold_until=until, leads=leads)


def books_of(invoice: Invoice) -> Invoice:
    """What the books need of one that is held: no way to its payer."""
    return msgspec.structs.replace(invoice, customer="", payer=None, open_amount=None)


INVOICES: Final[Shelf[Invoice]] = Shelf(
    kind=RecordKind.INVOICES,
    table=_TABLE,
    scope=Scope.DOCUMENTS,
    word="invoice",
    shape=Invoice,
    decoder=msgspec.msgpack.Decoder(Kept[Invoice]),
    read=findings_of,
    books=books_of,
)
