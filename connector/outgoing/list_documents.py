"""What is sent to connected systems, as people and programs see it: never its content."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, not_, select

from connector.outgoing.models import OutgoingDocument
from connector.outgoing.request import find_document
from privacy.core.db.work import UnitOfWork


class DocumentState(StrEnum):
    """How a document stands. Of a doubtful one nobody knows whether it arrived: it is looked for,
    and not sent again before."""

    WAITING = "waiting"
    DOUBTFUL = "doubtful"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class DocumentView:
    """One document. `external_id`: the outside system's number of it, once it is there."""

    id: uuid.UUID
    account_id: uuid.UUID
    kind: str
    reference: str
    state: DocumentState
    external_id: str | None
    attempts: int
    failure_code: str | None
    failure_text: str | None
    created_at: datetime
    tried_at: datetime | None
    sent_at: datetime | None
    can_retry: bool


def list_documents(
    work: UnitOfWork,
    *,
    state: DocumentState | None = None,
    before: uuid.UUID | None = None,
    limit: int = 50,
) -> list[DocumentView]:
    """Of the bound tenant, the latest first.

    Args:
        before: the id that the page before ended with.
    """
    statement = select(OutgoingDocument).order_by(OutgoingDocument.id.desc()).limit(limit)
    if state is not None:
        statement = statement.where(_is(state))
    if before is not None:
        statement = statement.where(OutgoingDocument.id < before)
    return [view_of(row) for row in work.session.scalars(statement)]


def view_document(work: UnitOfWork, *, document_id: uuid.UUID) -> DocumentView:
    """One of them. Raises NotFound."""
    return view_of(find_document(work, document_id))


def view_of(row: OutgoingDocument) -> DocumentView:
    """A row as it is shown."""
    return DocumentView(
        row.id,
        row.account_id,
        row.kind,
        row.reference,
        _state(row),
        row.external_id,
        row.attempts,
        row.failure_code,
        row.failure_text,
        row.created_at,
        row.tried_at,
        row.sent_at,
        row.state == "failed" and row.content_sealed is not None,
    )


def _state(row: OutgoingDocument) -> DocumentState:
    if row.state == "sent":
        return DocumentState.SENT
    if row.maybe_done:
        return DocumentState.DOUBTFUL
    return DocumentState.FAILED if row.state == "failed" else DocumentState.WAITING


def _is(state: DocumentState) -> ColumnElement[bool]:
    sent = OutgoingDocument.state == "sent"
    failed = OutgoingDocument.state == "failed"
    doubtful = OutgoingDocument.maybe_done
    return {
        DocumentState.SENT: sent,
        DocumentState.DOUBTFUL: and_(not_(sent), doubtful),
        DocumentState.FAILED: and_(failed, not_(doubtful)),
        DocumentState.WAITING: not_(sent) & not_(failed) & not_(doubtful),
    }[state]
