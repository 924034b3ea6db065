"""Find endpoints and deliveries of the bound tenant."""

import uuid
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import select

from connector.events_out.kinds import EventKind
from connector.events_out.models import WebhookDelivery, WebhookEndpoint
from privacy.core.db.questions import Question
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import NotFound

_WANTING = """
SELECT ARRAY(
    SELECT id FROM webhook_endpoints
    WHERE tenant_id = %s AND state = 'active' AND %s = ANY (kinds)
    ORDER BY id
)
"""


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


class Wanting(NamedTuple):
    """Ids of endpoints."""

    endpoints: list[uuid.UUID]


def wanting(tenant_id: uuid.UUID, kind: EventKind) -> Question[Wanting]:
    """What `endpoints_wanting` asks in a unit of work of this tenant."""
    return Question(Wanting, _WANTING, (tenant_id, kind.value))


def endpoints_wanting(work: UnitOfWork, kind: EventKind) -> Sequence[uuid.UUID]:
    """Active endpoints that asked for `kind`. One small question: every ingest asks it."""
    found = work.ask(wanting(work.tenant_id, kind))
    return found.endpoints if found else []


def find_delivery(
    work: UnitOfWork, delivery_id: uuid.UUID, *, lock: bool = False
) -> WebhookDelivery:
    """One delivery. Raises NotFound."""
    query = select(WebhookDelivery).where(WebhookDelivery.id == delivery_id)
    row = work.session.scalar(query.with_for_update() if lock else query)
    if row is None:
        raise NotFound
    return row
