"""Erase a person or company with everything that is about it, whoever brought it (promise C2).

What a law obliges to keep is held, and told: the answer to the person names it. A connected system
that still has the contact is not heard when it brings it again, until somebody lifts that; it has
to be erased there as well.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import ColumnElement, Table, func, select

from connector.contacts.shelf import CONTACTS
from connector.invoices.shelf import INVOICES
from connector.payments.shelf import PAYMENTS, numbered
from connector.subscriptions.shelf import SUBSCRIPTIONS
from connector.synced.columns import RecordState
from connector.synced.erasures.remember import remember_erased
from connector.synced.read import find_record
from connector.synced.remove import end_records
from connector.synced.shapes import Contact, Invoice, RecordKind
from connector.synced.shelves import about_token, source_index
from connector.synced.statements import array
from connector.synced.views import RecordView, open_records
from privacy.core.db.arrays import Int8s
from privacy.core.db.work import UnitOfWork
from privacy.erasures.marking import journaled
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.vault.keyring import Keyring

_BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class ErasedContact:
    """What came of it: records that are gone, and records that are held until a day, and why."""

    erased: int
    held: int
    held_until: date | None


@journaled
def erase_contact(work: UnitOfWork, *, vault: Keyring, contact_id: uuid.UUID) -> ErasedContact:
    """Erase a contact, its subscriptions, invoices and payments.

    Raises:
        NotFound: there is none, or it is another tenant's.
    """
    view = find_record(work, vault=vault, shelf=CONTACTS, record_id=contact_id, lock=True)
    erased, held, until = 1, 0, None
    if view.account_id is not None:
        leads = record_tokens(work, vault, view.account_id, view)
        remember_erased(work, account_id=view.account_id, contact_id=view.id, tokens=leads)
        tokens = Int8s.of(leads)
        for shelf in (SUBSCRIPTIONS, PAYMENTS, INVOICES):
            before, _ = _held(work, shelf.table, tokens)
            about = _about(shelf.table)
            met = end_records(work, shelf.table, about, tokens=tokens)
            after, last = _held(work, shelf.table, tokens)
            erased, held = erased + met - (after - before), held + after
            until = max(filter(None, (until, last)), default=None)
    end_records(work, CONTACTS.table, CONTACTS.table.c.id == contact_id)
    record(work, Event.CONTACT_DELETED, subject=contact_id, facts={"erased": erased, "held": held})
    return ErasedContact(erased, held, until)


def _about(table: Table) -> ColumnElement[bool]:
    about = table.c.about_token
    return about == func.any(array("tokens"))


def _held(work: UnitOfWork, table: Table, tokens: Int8s) -> tuple[int, date | None]:
    """How many are held, and until when: from now on, or since their source lost them."""
    c = table.c
    kept = select(func.count(), func.max(c.hold_until)).where(
        c.tenant_id == work.tenant_id,
        c.state == RecordState.HELD.value,
        _about(table),
    )
    count, last = work.connection.execute(kept, {"tokens": tokens}).one()
    return count, last


def record_tokens(
    work: UnitOfWork, vault: Keyring, account_id: uuid.UUID, view: RecordView[Contact]
) -> list[int]:
    """What its records are about: itself, and each of its invoices."""
    index = source_index(work, vault)
    own = about_token(index, account_id, RecordKind.CONTACTS, view.external_id)
    names = {
        name
        for invoice in _invoices(work, vault, own)
        for name in (invoice.external_id, numbered(invoice.record.number))
        if name
    }
    return [own, *(about_token(index, account_id, RecordKind.INVOICES, name) for name in names)]


def _invoices(work: UnitOfWork, vault: Keyring, owner: int) -> Iterator[RecordView[Invoice]]:
    """Every invoice of a customer; held ones, too, for their payments may be in use."""
    c, after = INVOICES.table.c, uuid.UUID(int=0)
    about = c.about_token
    while True:
        found = select(*c).where(c.tenant_id == work.tenant_id, about == owner, c.id > after)
        rows = work.connection.execute(found.order_by(c.id).limit(_BATCH)).all()
        yield from open_records(work, vault, INVOICES, rows)
        if len(rows) < _BATCH:
            return
        after = rows[-1].id
