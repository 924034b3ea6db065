"""Deliver one event to one endpoint: read, post with no transaction open, write down."""

import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlalchemy import select

from connector.events_out.models import WebhookDelivery
from connector.events_out.parcels import NONE, Lookups, NobodyLeft, Parcel, make_parcel
from connector.events_out.post import Result
from connector.events_out.settle import settle, settle_disabled, settle_withheld
from privacy.core.db.work import UnitOfWork
from privacy.vault.keyring import Keyring

OpenWork = Callable[[], AbstractContextManager[UnitOfWork]]


def deliver(
    open_work: OpenWork,
    *,
    vault: Keyring,
    post: Callable[[Parcel], Result],
    delivery_id: uuid.UUID,
    turn: int,
    lookups: Lookups = NONE,
) -> bool:
    """Try a delivery whose turn this is. A receiver's failure is a result, not an error.

    A crash between the receiver's yes and our note sends the event again, under the same
    `webhook-id`: at least once, in no promised order.

    Returns:
        Whether something was posted by this call.

    Raises:
        OpenError, Unavailable: of ours; the job is tried again by its own policy.
    """
    with open_work() as work:
        delivery = _due(work, delivery_id, turn)
        if delivery is None:
            return False
        try:
            parcel = make_parcel(work, vault=vault, delivery=delivery, lookups=lookups)
        except NobodyLeft:
            settle_withheld(delivery)
            return False
        if parcel is None:
            settle_disabled(delivery)
    if parcel is None:
        return False
    result = post(parcel)
    with open_work() as work:
        delivery = _due(work, delivery_id, turn)
        if delivery is not None:
            settle(work, delivery, result)
    return True


def _due(work: UnitOfWork, delivery_id: uuid.UUID, turn: int) -> WebhookDelivery | None:
    """The delivery, locked, if it still waits for this very turn."""
    found: WebhookDelivery | None = work.session.scalar(
        select(WebhookDelivery)
        .where(
            WebhookDelivery.id == delivery_id,
            WebhookDelivery.turn == turn,
            WebhookDelivery.state == "waiting",
        )
        .with_for_update()
    )
    return found
