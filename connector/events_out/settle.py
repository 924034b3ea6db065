"""Write down how an attempt went, and what follows from it."""

from sqlalchemy import update

from connector.events_out.find import find_endpoint
from connector.events_out.models import WebhookDelivery, WebhookEndpoint
from connector.events_out.post import Result
from connector.events_out.schedule import GIVES_UP_AFTER, pause_after
from connector.events_out.standing import disable_endpoint
from connector.events_out.turns import take_next_turn
from privacy.core.db.work import UnitOfWork

DISABLED = "endpoint_disabled"
WITHHELD = "withheld"


def settle(work: UnitOfWork, delivery: WebhookDelivery, result: Result) -> None:
    """Note the result in `delivery` (a locked row): delivered, tried again later, or failed."""
    delivery.tries += 1
    delivery.attempts += 1
    delivery.tried_at, delivery.next_at = work.now, None
    delivery.status, delivery.code = result.status, result.code
    delivery.duration_ms = result.duration_ms
    if result.taken:
        delivery.state = "delivered"
        _note_success(work, delivery)
        return
    pause = None if result.gone else pause_after(delivery.tries, asked=result.retry_after)
    if pause is None:
        delivery.state = "failed"
    else:
        take_next_turn(work, delivery, at=work.now + pause)
    _note_failure(work, delivery, result)


def settle_disabled(delivery: WebhookDelivery) -> None:
    """Its endpoint takes nothing: it waits for somebody to enable it and ask for a replay."""
    delivery.state, delivery.code, delivery.next_at = "failed", DISABLED, None


def settle_withheld(delivery: WebhookDelivery) -> None:
    """Whom it is about objected to what its endpoint is for: it is never sent (promise A13)."""
    delivery.state, delivery.code, delivery.next_at = "failed", WITHHELD, None


def _note_success(work: UnitOfWork, delivery: WebhookDelivery) -> None:
    work.session.execute(
        update(WebhookEndpoint)
        .where(WebhookEndpoint.id == delivery.endpoint_id)
        .values(last_success_at=work.now, failing_since=None)
        .execution_options(synchronize_session=False)
    )


def _note_failure(work: UnitOfWork, delivery: WebhookDelivery, result: Result) -> None:
    endpoint = find_endpoint(work, delivery.endpoint_id, lock=True)
    if endpoint.failing_since is None:
        endpoint.failing_since = work.now
    if endpoint.state != "active":
        return
    if result.gone:
        disable_endpoint(work, endpoint, reason="gone")
    elif work.now - endpoint.failing_since >= GIVES_UP_AFTER:
        disable_endpoint(work, endpoint, reason="failing")
