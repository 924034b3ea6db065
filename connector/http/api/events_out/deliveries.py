"""/api/v1/webhook-endpoints/{id}/deliveries: the log, and sending again."""

import uuid
from datetime import datetime
from typing import Annotated, Final, Literal

import msgspec
from flask import Response
from msgspec import Meta

from connector.events_out.endpoints import EndpointDisabled
from connector.events_out.find import find_endpoint
from connector.events_out.log import list_deliveries
from connector.events_out.replay import replay_delivery, replay_failed
from connector.http.api.answers import answer
from connector.http.api.calls.wanted import check_years
from connector.http.api.events_out.shapes import (
    DELIVERY_EXAMPLE,
    Deliveries,
    Done,
    Replayed,
    delivery_of,
)
from connector.http.api.inputs import JSON, read_json, read_query
from connector.http.api.operations import Body, Operation, describes
from connector.http.api.trials import changing_work
from privacy.core.errors import Invalid, NotFound
from tenants.http.access import requires
from tenants.http.services import work_of_caller
from tenants.permissions import Permission

_State = Annotated[
    Literal["waiting", "delivered", "failed"], Meta(description="Only those in this state.")
]
_Before = Annotated[uuid.UUID, Meta(description="next_before of the page before.")]
_Limit = Annotated[int, Meta(ge=1, le=200, description="The most that a page holds.")]
_ENDPOINT: Final = {"endpoint_id": "The endpoint's id."}


class DeliveryQuery(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Which lines of the log."""

    state: _State | None = None
    before: _Before | None = None
    limit: _Limit = 50


class ReplayWish(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Since when."""

    since: Annotated[datetime, Meta(tz=True, description="Events that failed since then.")]


@requires(Permission.EVENTS_READ)
@describes(
    Operation(
        id="listWebhookDeliveries",
        summary="Read the log of deliveries",
        description=(
            "Status, time and attempts of each event, newest first, for 30 days. Nothing of an "
            "answer is kept but its status."
        ),
        tag="events",
        path=_ENDPOINT,
        query=DeliveryQuery,
        answer=Deliveries,
        example={"deliveries": [DELIVERY_EXAMPLE], "next_before": None},
        problems=(NotFound, Invalid),
        mode=True,
    )
)
def list_all(endpoint_id: uuid.UUID) -> Response:
    """A page of the log."""
    query = read_query(DeliveryQuery)
    with work_of_caller() as work:
        find_endpoint(work, endpoint_id)
        found = list_deliveries(
            work,
            endpoint_id=endpoint_id,
            state=query.state,
            before=query.before,
            limit=query.limit,
        )
    onward = found[-1].id if len(found) == query.limit else None
    return answer(Deliveries([delivery_of(view) for view in found], onward))


@requires(Permission.EVENTS_WRITE)
@describes(
    Operation(
        id="replayFailedWebhooks",
        summary="Send again what failed",
        description=(
            "Everything that this endpoint did not take since a moment, at most 1,000 events at "
            "a time, under the same `webhook-id`."
        ),
        tag="events",
        path=_ENDPOINT,
        body=Body(
            kinds={JSON: ReplayWish},
            examples={JSON: {"since": "2026-11-20T00:00:00Z"}},
            description="Since when.",
        ),
        answer=Replayed,
        example={"count": 12},
        problems=(NotFound, EndpointDisabled),
        mode=True,
    )
)
def replay_all(endpoint_id: uuid.UUID) -> Response:
    """Send again what failed since a moment."""
    with changing_work() as work:
        find_endpoint(work, endpoint_id)
        wish = read_json(ReplayWish)
        check_years(since=wish.since)
        count = replay_failed(work, endpoint_id=endpoint_id, since=wish.since)
    return answer(Replayed(count))


@requires(Permission.EVENTS_WRITE)
@describes(
    Operation(
        id="replayWebhookDelivery",
        summary="Send one event again",
        description="Now, under the same `webhook-id`; its retries begin anew.",
        tag="events",
        path={"delivery_id": "The delivery's id, from the log."},
        answer=Done,
        example={"done": True},
        problems=(NotFound, EndpointDisabled),
        mode=True,
    )
)
def replay_one(delivery_id: uuid.UUID) -> Response:
    """Send one event again."""
    with changing_work() as work:
        replay_delivery(work, delivery_id=delivery_id)
    return answer(Done())
