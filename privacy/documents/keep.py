"""Take a document, look at it, destroy it after the decision: each said in the ledger."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import select

from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid, NotFound
from privacy.core.ids import new_id
from privacy.documents.models import CONTENT, IdentityDocument
from privacy.erasures.marking import erasing
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.profiles import profile
from privacy.profiles.parts import DocumentUse
from privacy.vault.keyring import Keyring

LARGEST: Final = 8 << 20
MOST: Final = 5
"""Documents of one request or registration at a time."""
_BEGINNINGS: Final = {
    b"%PDF-": "application/pdf",
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
}


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """One document, unopened."""

    id: uuid.UUID
    media: str
    given_at: datetime
    use: DocumentUse


@dataclass(frozen=True, slots=True)
class Looked:
    """One document, opened."""

    media: str
    content: bytes = field(repr=False)


def give_document(
    work: UnitOfWork,
    vault: Keyring,
    *,
    subject_id: uuid.UUID,
    service: str,
    use: DocumentUse,
    content: bytes,
) -> uuid.UUID:
    """Seal a document for a request or registration; its id.

    Raises:
        Invalid: the service asks for no such documents, it is no PDF, JPEG or PNG, it is too
            large, or there are too many.
    """
    asked = profile(service).documents
    if asked is None or use not in asked.asked_for:
        raise Invalid("The service's privacy policy asks for no such documents.")
    media = _media(content)
    if len(list_documents(work, subject_id=subject_id)) >= MOST:
        raise Invalid(fields={"document": f"There are {MOST} documents already."})
    row = IdentityDocument(
        tenant_id=work.tenant_id,
        id=new_id(),
        subject_id=subject_id,
        use=use.value,
        media=media,
        given_at=work.now,
        given_by=work.actor.id,
    )
    row.content_sealed = CONTENT.seal(work, vault, row.id, content)
    work.session.add(row)
    work.session.flush()
    record(work, Event.DOCUMENT_GIVEN, subject=row.id, facts={"use": use.value})
    return row.id


def list_documents(work: UnitOfWork, *, subject_id: uuid.UUID) -> list[DocumentLine]:
    """Those that wait for a decision, the first given first."""
    row = IdentityDocument
    found = select(row.id, row.media, row.given_at, row.use).where(row.subject_id == subject_id)
    ordered = found.order_by(row.given_at, row.id)
    return [
        DocumentLine(one.id, one.media, one.given_at, DocumentUse(one.use))
        for one in work.session.execute(ordered)
    ]


def told_documents(work: UnitOfWork, *, subject_id: uuid.UUID) -> list[dict[str, str]]:
    """That they are here, for the person who gave them."""
    return [
        {"media": one.media, "use": one.use.value, "given_at": one.given_at.isoformat()}
        for one in list_documents(work, subject_id=subject_id)
    ]


def look_at_document(
    work: UnitOfWork, vault: Keyring, *, subject_id: uuid.UUID, document_id: uuid.UUID
) -> Looked:
    """Open one. Raises NotFound, OpenError."""
    row = work.session.get(IdentityDocument, (work.tenant_id, document_id))
    if row is None or row.subject_id != subject_id:
        raise NotFound
    record(work, Event.DOCUMENT_LOOKED_AT, subject=row.id)
    return Looked(row.media, CONTENT.open(work, vault, row.id, row.content_sealed))


def destroy_documents(work: UnitOfWork, *, subject_id: uuid.UUID, because: str) -> int:
    """Destroy all of one request or registration; a proof of each goes to the ledger.

    Args:
        because: the decision, a word.
    """
    found = select(IdentityDocument).where(IdentityDocument.subject_id == subject_id)
    rows = list(work.session.scalars(found.with_for_update()))
    if not rows:
        return 0
    with erasing(work):
        for row in rows:
            work.session.delete(row)
            days = (work.now - row.given_at).days
            facts: dict[str, str | int] = {"use": row.use, "because": because, "days_kept": days}
            record(work, Event.DOCUMENT_DESTROYED, subject=row.id, facts=facts)
    return len(rows)


def _media(content: bytes) -> str:
    if len(content) > LARGEST:
        raise Invalid(fields={"document": f"Send up to {LARGEST >> 20} MB."})
    for beginning, media in _BEGINNINGS.items():
        if content.startswith(beginning):
            return media
    raise Invalid(fields={"document": "Send a PDF, JPEG or PNG file."})
