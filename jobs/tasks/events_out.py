"""event.deliver, calls.announce and endpoint.notice: what tenants' endpoints are told."""

from collections.abc import Mapping
from typing import Final

from connector.calls.announce import announce_arrivals
from connector.calls.told import calls_for, calls_of_event
from connector.events_out.deliver import deliver as deliver_event
from connector.events_out.kinds import EventKind
from connector.events_out.notices import REASONS, notify_given_up
from connector.events_out.parcels import Lookup
from connector.events_out.post import Poster
from connector.inquiries.told import inquiry_for
from connector.subjects.told import request_for
from jobs.contexts import TaskContext
from privacy.core.errors import Invalid

LOOKUPS: Final[Mapping[EventKind, Lookup]] = {
    EventKind.CALL_RECEIVED: Lookup(calls_for, calls_of_event),
    EventKind.INQUIRY_RECEIVED: Lookup(inquiry_for),
    EventKind.INQUIRY_REPLIED: Lookup(inquiry_for),
    EventKind.SUBJECT_REQUEST_DUE: Lookup(request_for),
}
"""Events about people: who may be in them, and what can be told beside ids where a tenant wants
that."""


def deliver(context: TaskContext) -> None:
    """Payload: delivery_id, turn."""
    house, turn = context.house, context.payload.get("turn")
    if not isinstance(turn, int):
        raise Invalid("the job's payload has no turn", code="bad_payload")
    deliver_event(
        context.work,
        vault=house.vault,
        post=Poster(loopback=house.settings.outbound_loopback),
        delivery_id=context.id_of("delivery_id"),
        turn=turn,
        lookups=LOOKUPS,
    )


def announce(context: TaskContext) -> None:
    """Tell of the calls that came one by one; no payload."""
    with context.work() as work:
        announce_arrivals(work)


def notify(context: TaskContext) -> None:
    """Payload: endpoint_id, reason."""
    reason = str(context.payload.get("reason"))
    if reason not in REASONS:
        raise Invalid("the job's payload has no reason", code="bad_payload")
    notify_given_up(
        context.house.desk,
        tenant_id=context.tenant_id,
        actor=context.actor,
        endpoint_id=context.id_of("endpoint_id"),
        reason=reason,
    )
