"""Documents about a person that wait to be sent to a connected system.

Few wait at a time, and their contents are dropped when they arrive: each is opened and compared.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from sqlalchemy import select

from connector.calls.numbers import canonical
from connector.outgoing.contents import open_content
from connector.outgoing.models import OutgoingDocument
from connector.outgoing.shapes import Outgoing, OutgoingCustomer
from connector.synced.shapes import RecordKind
from connector.synced.shelves import about_token, source_index
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Unavailable
from privacy.subjects.holders import Erased, HeldRecord, Subject
from privacy.vault.keyring import Keyring
from tenants.emails import folded

Found = tuple[OutgoingDocument, Outgoing]


class BeingSent(Unavailable):
    """It is on its way; a moment later its content is dropped anyhow."""

    code = "document_being_sent"


class OutgoingHolder:
    """Customers and invoices to be added elsewhere."""

    name = "outgoing"
    title = "Documents to be sent"
    tables = frozenset({"outgoing_documents"})
    recipients = ("The accounting system that the document is for",)

    def find(self, work: UnitOfWork, vault: Keyring, subject: Subject) -> int:
        """See privacy.subjects.holders.Holder."""
        return sum(1 for _ in _documents(work, vault, subject))

    def collect(self, work: UnitOfWork, vault: Keyring, subject: Subject) -> Iterable[HeldRecord]:
        """See privacy.subjects.holders.Holder."""
        for row, thing in _documents(work, vault, subject):
            fields: dict[str, Any] = {"kind": row.kind, **msgspec.to_builtins(thing)}
            yield HeldRecord(fields, "the organisation", provided=False)

    def erase(self, work: UnitOfWork, vault: Keyring, subject: Subject) -> Erased:
        """The content goes and nothing is sent. Raises BeingSent."""
        found = list(_documents(work, vault, subject, lock=True))
        if any(row.state == "sending" for row, _ in found):
            raise BeingSent
        for row, _ in found:
            row.content_sealed, row.state = None, "failed"
            row.failure_code, row.failure_kind = "subject_erased", "configuration"
            row.failure_text = "The person asked to be erased before it was sent."
        work.session.flush()
        return Erased(len(found))


def _documents(
    work: UnitOfWork, vault: Keyring, subject: Subject, *, lock: bool = False
) -> Iterator[Found]:
    full = select(OutgoingDocument).where(OutgoingDocument.content_sealed.is_not(None))
    ordered = full.order_by(OutgoingDocument.id)
    for row in work.session.scalars(ordered.with_for_update() if lock else ordered).all():
        thing = open_content(work, vault, row)
        if _is_about(work, vault, row, thing, subject):
            yield row, thing


def _is_about(
    work: UnitOfWork, vault: Keyring, row: OutgoingDocument, thing: Outgoing, subject: Subject
) -> bool:
    if isinstance(thing, OutgoingCustomer):
        country = thing.address.country if thing.address else ""
        number = canonical(thing.phone, country or "FI") if thing.phone else None
        known = bool(subject.phone) and number == subject.phone
        return known or (bool(subject.email) and folded(thing.email) == folded(subject.email))
    index = source_index(work, vault)
    about = about_token(index, row.account_id, RecordKind.CONTACTS, thing.customer)
    return about in subject.trail.get("records", ())
