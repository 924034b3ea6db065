"""Send again: one delivery, or everything that failed since a moment."""

import uuid
from datetime import datetime
from typing import Final

from sqlalchemy import select

from connector.events_out.endpoints import EndpointDisabled
from connector.events_out.find import find_delivery, find_endpoint
from connector.events_out.models import WebhookDelivery
from connector.events_out.turns import take_next_turn
from privacy.core.db.work import UnitOfWork
from privacy.ledger.events import Event
from privacy.ledger.record import record

MOST: Final = 1000
"""Deliveries of one request; asked again, the next ones follow."""


def replay_delivery(work: UnitOfWork, *, delivery_id: uuid.UUID) -> None:
    """Send one event again, now, under its `webhook-id`; its retries begin anew.

    Raises:
        NotFound. EndpointDisabled.
    """
    delivery = find_delivery(work, delivery_id, lock=True)
    _check_active(work, delivery.endpoint_id)
    _begin_anew(work, delivery)
    record(work, Event.WEBHOOK_REPLAYED, subject=delivery.endpoint_id, facts={"count": 1})


def replay_failed(work: UnitOfWork, *, endpoint_id: uuid.UUID, since: datetime) -> int:
    """Send again what an endpoint did not take since `since`, at most 1,000. Returns how many.

    Raises:
        NotFound. EndpointDisabled.
    """
    _check_active(work, endpoint_id)
    failed = work.session.scalars(
        select(WebhookDelivery)
        .where(
            WebhookDelivery.endpoint_id == endpoint_id,
            WebhookDelivery.state == "failed",
            WebhookDelivery.created_at >= since,
        )
        .order_by(WebhookDelivery.id)
        .limit(MOST)
        .with_for_update()
    ).all()
    for delivery in failed:
        _begin_anew(work, delivery)
    record(work, Event.WEBHOOK_REPLAYED, subject=endpoint_id, facts={"count": len(failed)})
    return len(failed)


def _begin_anew(work: UnitOfWork, delivery: WebhookDelivery) -> None:
    delivery.tries, delivery.code = 0, None
    take_next_turn(work, delivery, at=work.now)


def _check_active(work: UnitOfWork, endpoint_id: uuid.UUID) -> None:
    if find_endpoint(work, endpoint_id).state != "active":
        raise EndpointDisabled
