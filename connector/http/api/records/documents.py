"""GET /api/v1/documents: what is sent to connected systems, and whether it arrived."""

import uuid
from datetime import datetime
from typing import Annotated, Any, Final

import msgspec
from flask import Response
from msgspec import Meta

from connector.http.api.answers import answer
from connector.http.api.inputs import read_query
from connector.http.api.operations import Operation, describes
from connector.outgoing.list_documents import (
    DocumentState,
    DocumentView,
    list_documents,
    view_document,
)
from connector.outgoing.shapes import OutgoingKind
from privacy.core.errors import Invalid, NotFound
from tenants.http.access import requires
from tenants.http.callers import caller
from tenants.http.services import work_of_caller
from tenants.permissions import Permission
from tenants.principals import Mode


class DocumentQuery(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Which page, of what."""

    state: DocumentState | None = None
    cursor: (
        Annotated[uuid.UUID, Meta(description="next_cursor of the page before, unchanged.")] | None
    ) = None
    limit: Annotated[int, Meta(ge=1, le=500, description="The most that a page holds.")] = 100


class Document(msgspec.Struct, frozen=True):
    """A customer or invoice that is added in a connected system, exactly once. Of a `doubtful`
    one nobody knows yet whether it arrived: it is looked for before it is sent again."""

    id: uuid.UUID
    account_id: uuid.UUID
    kind: OutgoingKind
    reference: str
    state: DocumentState
    external_id: str | None
    attempts: int
    failure_code: str | None
    created_at: datetime
    sent_at: datetime | None


class Documents(msgspec.Struct, frozen=True):
    """A page, the latest first. Without `next_cursor` it is the last one."""

    documents: list[Document]
    next_cursor: uuid.UUID | None


EXAMPLE: Final[dict[str, Any]] = {
    "id": "0198c0de-0000-7000-8000-0000000000d1",
    "account_id": "0198c0de-0000-7000-8000-0000000000a1",
    "kind": "invoice",
    "reference": "charge:m365-2026-10",
    "state": "sent",
    "external_id": "165",
    "attempts": 1,
    "failure_code": None,
    "created_at": "2026-11-02T08:00:00Z",
    "sent_at": "2026-11-02T08:00:03Z",
}


@requires(Permission.ACCOUNTS_READ)
@describes(
    Operation(
        id="listDocuments",
        summary="List what is sent to connected systems",
        description="Customers and invoices that wait, are in doubt, were sent or failed; never "
        "their content. The latest first.",
        tag="accounts",
        query=DocumentQuery,
        answer=Documents,
        example={"documents": [EXAMPLE], "next_cursor": None},
        problems=(Invalid,),
        mode=True,
    )
)
def list_all() -> Response:
    """A page of documents."""
    wanted: DocumentQuery = read_query(DocumentQuery)
    if caller().mode is Mode.TEST:
        return answer(Documents([], None))
    with work_of_caller() as work:
        found = list_documents(
            work, state=wanted.state, before=wanted.cursor, limit=wanted.limit + 1
        )
    shown = [_document(view) for view in found[: wanted.limit]]
    return answer(Documents(shown, shown[-1].id if len(found) > wanted.limit else None))


@requires(Permission.ACCOUNTS_READ)
@describes(
    Operation(
        id="readDocument",
        summary="Read how one of them stands",
        description="A document by its id. One that never was or is another tenant's is 404.",
        tag="accounts",
        path={"document_id": "The document's id."},
        answer=Document,
        example=EXAMPLE,
        problems=(NotFound,),
        mode=True,
    )
)
def read(document_id: uuid.UUID) -> Response:
    """One document."""
    if caller().mode is Mode.TEST:
        raise NotFound
    with work_of_caller() as work:
        return answer(_document(view_document(work, document_id=document_id)))


def _document(view: DocumentView) -> Document:
    return Document(
        view.id,
        view.account_id,
        OutgoingKind(view.kind),
        view.reference,
        view.state,
        view.external_id,
        view.attempts,
        view.failure_code,
        view.created_at,
        view.sent_at,
    )
