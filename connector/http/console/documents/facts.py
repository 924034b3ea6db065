"""A document as a line of a table."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from connector.http.console.records.origins import Names
from connector.outgoing.list_documents import DocumentState, DocumentView

STATES: Final = {
    DocumentState.WAITING: ("Waiting", "warn"),
    DocumentState.DOUBTFUL: ("In doubt", "warn"),
    DocumentState.SENT: ("Sent", "good"),
    DocumentState.FAILED: ("Failed", "bad"),
}
_KINDS: Final = {"customer": "Customer", "invoice": "Sales invoice"}
_GONE: Final = "a system that is disconnected since"
_PARKED: Final = "Nobody knows whether it arrived. Try again: it is looked for before it is sent."
_DOUBT: Final = "Nobody knows yet whether it arrived. It is looked for before it is sent again."


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """One document. `outside`: its number there."""

    id: uuid.UUID
    kind: str
    system: str
    reference: str
    state_label: str
    state_tone: str
    text: str
    outside: str
    created_at: datetime
    sent_at: datetime | None
    can_retry: bool


def facts_of(view: DocumentView, names: Names) -> DocumentFacts:
    """A line."""
    label, tone = STATES[view.state]
    reason = view.failure_text or ""
    doubt = f"{reason} {_PARKED}" if view.can_retry else _DOUBT
    text = doubt if view.state is DocumentState.DOUBTFUL else reason
    return DocumentFacts(
        id=view.id,
        kind=_KINDS[view.kind],
        system=names.get(view.account_id, _GONE),
        reference=view.reference,
        state_label=label,
        state_tone=tone,
        text="" if view.state is DocumentState.SENT else text,
        outside=view.external_id or "",
        created_at=view.created_at,
        sent_at=view.sent_at,
        can_retry=view.can_retry,
    )
