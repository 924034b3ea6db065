"""Say that something happened: in the transaction in which it does, to whoever wants to know."""

import uuid
from collections.abc import Sequence

from connector.events_out.facts import Facts, checked_facts
from connector.events_out.find import endpoints_wanting
from connector.events_out.kinds import EventKind
from connector.events_out.models import WebhookDelivery, WebhookEvent
from connector.events_out.turns import enqueue_turn
from privacy.core.db.work import UnitOfWork
from privacy.core.ids import new_id


def emit(work: UnitOfWork, kind: EventKind, facts: Facts) -> uuid.UUID | None:
    """Tell every active endpoint of `work`'s tenant that asked for `kind`.

    It exists when the transaction commits, and is sent after that. Nobody wants it: nothing is
    written.

    Args:
        facts: ids, counts, moments and words from closed lists; never personal data.

    Returns:
        The event's id, or None.

    Raises:
        ValueError: a fact is of another kind.
    """
    plain = checked_facts(facts)
    wanting = endpoints_wanting(work, kind)
    return write_event(work, kind, plain, wanting) if wanting else None


def write_event(
    work: UnitOfWork, kind: EventKind, facts: dict[str, object], endpoints: Sequence[uuid.UUID]
) -> uuid.UUID:
    """The event with a delivery to each of `endpoints`; `facts` are checked already."""
    event_id = new_id()
    work.session.add(
        WebhookEvent(
            tenant_id=work.tenant_id, id=event_id, kind=kind.value, facts=facts, at=work.now
        )
    )
    work.session.flush()
    planned = [
        WebhookDelivery(
            tenant_id=work.tenant_id,
            id=new_id(),
            endpoint_id=endpoint_id,
            event_id=event_id,
            state="waiting",
            turn=1,
            next_at=work.now,
            created_at=work.now,
        )
        for endpoint_id in endpoints
    ]
    work.session.add_all(planned)
    work.session.flush()
    for delivery in planned:
        enqueue_turn(work, delivery_id=delivery.id, turn=1, at=work.now)
    return event_id
