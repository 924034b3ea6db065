"""Find endpoints and deliveries of the bound tenant."""

import uuid
from collections.abc import Sequence

from sqlalchemy import select, text

from connector.events_out.kinds import EventKind
from connector.events_out.models import WebhookDelivery, WebhookEndpoint
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import NotFound

_ACTIVE = text(
    "SELECT id, kinds FROM webhook_endpoints WHERE tenant_id = :tenant AND state = 'active'"
)


def find_endpoint(
    work: UnitOfWork, endpoint_id: uuid.UUID, *, lock: bool = False
) -> WebhookEndpoint:
    """One endpoint; with `lock`, held until the transaction ends. Raises NotFound."""
    query = select(WebhookEndpoint).where(WebhookEndpoint.id == endpoint_id)
    row = work.session.scalar(query.with_for_update() if lock else query)
    if row is None:
        raise NotFound
    return row


def list_endpoints(work: UnitOfWork) -> list[WebhookEndpoint]:
    """The tenant's endpoints, by name."""
    query = select(WebhookEndpoint).order_by(WebhookEndpoint.name, WebhookEndpoint.id)
    return list(work.session.scalars(query))


def endpoints_wanting(work: UnitOfWork, kind: EventKind) -> Sequence[uuid.UUID]:
    """Active endpoints that asked for `kind`. One small question: every ingest asks it."""
    rows = work.connection.execute(_ACTIVE, {"tenant": work.tenant_id})
    return [row.id for row in rows if kind.value in row.kinds]


def find_delivery(
    work: UnitOfWork, delivery_id: uuid.UUID, *, lock: bool = False
) -> WebhookDelivery:
    """One delivery. Raises NotFound."""
    query = select(WebhookDelivery).where(WebhookDelivery.id == delivery_id)
    row = work.session.scalar(query.with_for_update() if lock else query)
    if row is None:
        raise NotFound
    return row
