"""Read one invoice with its payments."""

import uuid

from connector.invoices.shelf import INVOICES
from connector.payments.shelf import PAYMENTS, numbered
from connector.synced.read import records_about, view_record
from connector.synced.shapes import Invoice, Payment, RecordKind
from connector.synced.views import RecordView
from privacy.core.db.work import UnitOfWork
from privacy.vault.keyring import Keyring


def view_invoice(
    work: UnitOfWork, *, vault: Keyring, invoice_id: uuid.UUID
) -> tuple[RecordView[Invoice], list[RecordView[Payment]]]:
    """The invoice and its payments, the latest first; said in the ledger.

    Raises:
        NotFound: there is none, or it is another tenant's.
    """
    view = view_record(work, vault=vault, shelf=INVOICES, record_id=invoice_id)
    payments = records_about(
        work,
        vault=vault,
        shelf=PAYMENTS,
        kind=RecordKind.INVOICES,
        account_id=view.account_id,
        external_ids=(view.external_id, numbered(view.record.number)),
    )
    return view, payments
