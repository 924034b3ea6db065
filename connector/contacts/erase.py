"""Erase a person or company with everything that is about it, whoever brought it (promise C2).

What a law obliges to keep is held, and told: the answer to the person names it. A connected system
that still has the contact brings it again; it has to be erased there as well.
"""

import uuid
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from connector.contacts.shelf import CONTACTS
from connector.invoices.shelf import INVOICES
from connector.payments.shelf import PAYMENTS, numbered
from connector.subscriptions.shelf import SUBSCRIPTIONS
from connector.synced.columns import RecordState
from connector.synced.read import find_record, records_about
from connector.synced.remove import end_records
from connector.synced.shapes import Contact, Invoice, RecordKind
from connector.synced.shelves import about_token, source_index
from connector.synced.views import RecordView
from privacy.core.db.work import UnitOfWork
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.vault.keyring import Keyring

_MOST_INVOICES = 100_000


@dataclass(frozen=True, slots=True)
class ErasedContact:
    """What came of it: records that are gone, and records that are held until a day, and why."""

    erased: int
    held: int
    held_until: date | None


def erase_contact(work: UnitOfWork, *, vault: Keyring, contact_id: uuid.UUID) -> ErasedContact:
    """Erase a contact, its subscriptions, invoices and payments.

    Raises:
        NotFound: there is none, or it is another tenant's.
    """
    view = find_record(work, vault=vault, shelf=CONTACTS, record_id=contact_id, lock=True)
    met = end_records(work, CONTACTS.table, CONTACTS.table.c.id == contact_id)
    held, until = 0, None
    if view.account_id is not None:
        tokens = _tokens(work, vault, view.account_id, view)
        for shelf in (SUBSCRIPTIONS, PAYMENTS, INVOICES):
            about = shelf.table.c.about_token.in_(tokens)
            met += end_records(work, shelf.table, about)
            c = shelf.table.c
            kept = select(func.count(), func.max(c.hold_until)).where(
                c.tenant_id == work.tenant_id, c.state == RecordState.HELD.value, about
            )
            count, last = work.connection.execute(kept).one()
            held, until = held + count, max(filter(None, (until, last)), default=None)
    facts = {"erased": met - held, "held": held}
    record(work, Event.CONTACT_DELETED, subject=contact_id, facts=facts)
    return ErasedContact(met - held, held, until)


def _tokens(
    work: UnitOfWork, vault: Keyring, account_id: uuid.UUID, view: RecordView[Contact]
) -> list[int]:
    """What its records are about: itself, and each of its invoices."""
    invoices: list[RecordView[Invoice]] = records_about(
        work,
        vault=vault,
        shelf=INVOICES,
        kind=RecordKind.CONTACTS,
        account_id=account_id,
        external_ids=(view.external_id,),
        limit=_MOST_INVOICES,
    )
    index = source_index(work, vault)
    names = {
        name
        for invoice in invoices
        for name in (invoice.external_id, numbered(invoice.record.number))
        if name
    }
    own = about_token(index, account_id, RecordKind.CONTACTS, view.external_id)
    return [own, *(about_token(index, account_id, RecordKind.INVOICES, name) for name in names)]
