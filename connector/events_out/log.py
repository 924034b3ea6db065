"""The log of deliveries: what went where, when, how often tried, with which status."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select

from connector.events_out.kinds import EventKind
from connector.events_out.models import WebhookArrival, WebhookDelivery, WebhookEvent
from connector.events_out.parcels import message_id
from connector.events_out.secrets import sweep_secrets
from privacy.core.db.work import UnitOfWork

KEPT: Final = timedelta(days=30)
"""Of events and their log; after that nothing can be replayed."""


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """One line. `status` is the last answer's, `code` why it was not taken."""

    id: uuid.UUID
    endpoint_id: uuid.UUID
    event_id: uuid.UUID
    kind: EventKind
    happened_at: datetime
    state: str
    attempts: int
    status: int | None
    code: str | None
    duration_ms: int | None
    tried_at: datetime | None
    next_at: datetime | None

    @property
    def message_id(self) -> str:
        """As the receiver sees it."""
        return message_id(self.event_id)


def list_deliveries(
    work: UnitOfWork,
    *,
    endpoint_id: uuid.UUID,
    state: str | None = None,
    before: uuid.UUID | None = None,
    limit: int = 50,
) -> Sequence[DeliveryView]:
    """Deliveries of an endpoint, newest first, from before the delivery `before` on."""
    row = WebhookDelivery
    query = (
        select(row, WebhookEvent.kind, WebhookEvent.at)
        .join(
            WebhookEvent,
            (WebhookEvent.tenant_id == row.tenant_id) & (WebhookEvent.id == row.event_id),
        )
        .where(row.endpoint_id == endpoint_id)
        .order_by(row.id.desc())
        .limit(limit)
    )
    if state is not None:
        query = query.where(row.state == state)
    if before is not None:
        query = query.where(row.id < before)
    return [_view(*found) for found in work.session.execute(query)]


def sweep_events(work: UnitOfWork) -> int:
    """Delete events older than 30 days with their deliveries, and replaced secrets."""
    sweep_secrets(work)
    for table in (WebhookArrival, WebhookEvent):
        gone = work.connection.execute(
            delete(table).where(
                table.tenant_id == work.tenant_id,
                table.at <= work.now - KEPT,
            )
        )
    return gone.rowcount


def _view(row: WebhookDelivery, kind: str, at: datetime) -> DeliveryView:
    return DeliveryView(
        id=row.id,
        endpoint_id=row.endpoint_id,
        event_id=row.event_id,
        kind=EventKind(kind),
        happened_at=at,
        state=row.state,
        attempts=row.attempts,
        status=row.status,
        code=row.code,
        duration_ms=row.duration_ms,
        tried_at=row.tried_at,
        next_at=row.next_at,
    )
