"""Enable and disable endpoints: by people, by a receiver's 410, by days of failure."""

import uuid
from typing import Literal

from connector.events_out.find import find_endpoint
from connector.events_out.models import WebhookEndpoint
from privacy.core.db.work import UnitOfWork
from privacy.core.outbox.enqueue import enqueue
from privacy.core.outbox.names import JobName
from privacy.ledger.events import Event
from privacy.ledger.record import record

Reason = Literal["gone", "failing"]


def disable_endpoint(work: UnitOfWork, endpoint: WebhookEndpoint, *, reason: Reason) -> None:
    """Send nothing more to `endpoint` (a locked row), and let its tenant's people know."""
    _set(work, endpoint, "disabled", reason)
    record(work, Event.WEBHOOK_GIVEN_UP, subject=endpoint.id, facts={"reason": reason})
    enqueue(
        work,
        name=JobName.ENDPOINT_NOTICE,
        payload={"endpoint_id": str(endpoint.id), "reason": reason},
    )


def switch_off(work: UnitOfWork, *, endpoint_id: uuid.UUID) -> None:
    """Disable an endpoint because somebody wants it; again changes nothing. Raises NotFound."""
    endpoint = find_endpoint(work, endpoint_id, lock=True)
    if endpoint.state == "disabled":
        return
    _set(work, endpoint, "disabled", "tenant")
    record(work, Event.WEBHOOK_DISABLED, subject=endpoint_id)


def switch_on(work: UnitOfWork, *, endpoint_id: uuid.UUID) -> None:
    """Send to an endpoint again. What it missed is sent on request. Raises NotFound."""
    endpoint = find_endpoint(work, endpoint_id, lock=True)
    if endpoint.state == "active":
        return
    _set(work, endpoint, "active", None)
    endpoint.failing_since = None
    record(work, Event.WEBHOOK_ENABLED, subject=endpoint_id)


def _set(work: UnitOfWork, endpoint: WebhookEndpoint, state: str, reason: str | None) -> None:
    endpoint.state, endpoint.state_reason, endpoint.state_at = state, reason, work.now
