"""/api/v1/webhook-endpoints: where events go."""

import uuid
from typing import Final

from flask import Response

from connector.events_out.endpoints import (
    EndpointDisabled,
    TooManyEndpoints,
    TooManyTests,
    Wish,
    add_endpoint,
    delete_endpoint,
    rotate_endpoint_secret,
    try_endpoint,
)
from connector.events_out.find import find_endpoint, list_endpoints
from connector.events_out.kinds import EventKind
from connector.events_out.standing import switch_off, switch_on
from connector.http.api.answers import answer
from connector.http.api.events_out.shapes import (
    ENDPOINT_EXAMPLE,
    SECRET_EXAMPLE,
    Done,
    Endpoint,
    EndpointMade,
    Endpoints,
    EndpointWish,
    Secret,
    endpoint_of,
)
from connector.http.api.inputs import JSON, read_json
from connector.http.api.operations import Body, Operation, describes
from connector.http.api.trials import changing_work
from privacy.core.errors import NotFound
from privacy.suppressions.uses import Use
from tenants.http.access import requires
from tenants.http.services import services, work_of_caller
from tenants.permissions import Permission

_PATH: Final = {"endpoint_id": "The endpoint's id."}
_DONE: Final = {"done": True}


@requires(Permission.EVENTS_READ)
@describes(
    Operation(
        id="listWebhookEndpoints",
        summary="List the webhook endpoints",
        description="Addresses and states. Signing secrets are never shown again.",
        tag="events",
        answer=Endpoints,
        example={"endpoints": [ENDPOINT_EXAMPLE]},
        mode=True,
    )
)
def list_all() -> Response:
    """The tenant's endpoints."""
    with work_of_caller() as work:
        found = [endpoint_of(work, services().vault, row) for row in list_endpoints(work)]
    return answer(Endpoints(found))


@requires(Permission.EVENTS_WRITE)
@describes(
    Operation(
        id="createWebhookEndpoint",
        summary="Add a webhook endpoint",
        description=(
            "Naming an address declares its host as a recipient of your events. The signing secret "
            "is in this answer and nowhere else. Events hold ids, never personal data, until a "
            "person decides otherwise in the console."
        ),
        tag="events",
        body=Body(
            kinds={JSON: EndpointWish},
            examples={
                JSON: {
                    "name": "Helpdesk",
                    "url": "https://hooks.example.com/silta",
                    "kinds": ["call.received"],
                }
            },
            description="The endpoint.",
        ),
        answer=EndpointMade,
        example={"endpoint": ENDPOINT_EXAMPLE, "secret": SECRET_EXAMPLE},
        problems=(TooManyEndpoints,),
        mode=True,
    )
)
def create() -> Response:
    """A new endpoint."""
    given, vault = read_json(EndpointWish), services().vault
    wish = Wish(
        given.name, given.url, [EventKind(kind) for kind in given.kinds], use=Use(given.purpose)
    )
    loopback = services().settings.outbound_loopback
    with changing_work() as work:
        made = add_endpoint(work, vault=vault, wish=wish, loopback=loopback)
        shown = endpoint_of(work, vault, find_endpoint(work, made.id))
    return answer(EndpointMade(shown, made.secret))


@requires(Permission.EVENTS_READ)
@describes(
    Operation(
        id="readWebhookEndpoint",
        summary="Read a webhook endpoint",
        description="One endpoint by its id.",
        tag="events",
        path=_PATH,
        answer=Endpoint,
        example=ENDPOINT_EXAMPLE,
        problems=(NotFound,),
        mode=True,
    )
)
def read(endpoint_id: uuid.UUID) -> Response:
    """One endpoint."""
    with work_of_caller() as work:
        found = endpoint_of(work, services().vault, find_endpoint(work, endpoint_id))
    return answer(found)


@requires(Permission.EVENTS_WRITE)
@describes(
    Operation(
        id="deleteWebhookEndpoint",
        summary="Delete a webhook endpoint",
        description="It ends at once, with its secrets and its log.",
        tag="events",
        path=_PATH,
        answer=Done,
        example=_DONE,
        problems=(NotFound,),
        mode=True,
    )
)
def delete(endpoint_id: uuid.UUID) -> Response:
    """End an endpoint."""
    with changing_work() as work:
        delete_endpoint(work, endpoint_id=endpoint_id)
    return answer(Done())


@requires(Permission.EVENTS_WRITE)
@describes(
    Operation(
        id="testWebhookEndpoint",
        summary="Send a test event",
        description="An `endpoint.tested` event to this endpoint alone; see its deliveries.",
        tag="events",
        path=_PATH,
        answer=Done,
        example=_DONE,
        problems=(NotFound, EndpointDisabled, TooManyTests),
        mode=True,
    )
)
def test(endpoint_id: uuid.UUID) -> Response:
    """Send an event of its own."""
    with changing_work() as work:
        try_endpoint(work, endpoint_id=endpoint_id)
    return answer(Done())


@requires(Permission.EVENTS_WRITE)
@describes(
    Operation(
        id="rotateWebhookSecret",
        summary="Rotate the signing secret",
        description=(
            "A new secret, in this answer and nowhere else. For 24 hours each event carries two "
            "signatures, by the new secret and by the old one."
        ),
        tag="events",
        path=_PATH,
        answer=Secret,
        example={"secret": SECRET_EXAMPLE},
        problems=(NotFound,),
        mode=True,
    )
)
def rotate(endpoint_id: uuid.UUID) -> Response:
    """A new secret."""
    with changing_work() as work:
        made = rotate_endpoint_secret(work, vault=services().vault, endpoint_id=endpoint_id)
    return answer(Secret(made))


@requires(Permission.EVENTS_WRITE)
@describes(
    Operation(
        id="disableWebhookEndpoint",
        summary="Disable a webhook endpoint",
        description="Nothing is sent to it until it is enabled again.",
        tag="events",
        path=_PATH,
        answer=Done,
        example=_DONE,
        problems=(NotFound,),
        mode=True,
    )
)
def disable(endpoint_id: uuid.UUID) -> Response:
    """Send nothing more."""
    with changing_work() as work:
        switch_off(work, endpoint_id=endpoint_id)
    return answer(Done())


@requires(Permission.EVENTS_WRITE)
@describes(
    Operation(
        id="enableWebhookEndpoint",
        summary="Enable a webhook endpoint",
        description="Events are sent again from now on. What it missed is sent by a replay.",
        tag="events",
        path=_PATH,
        answer=Done,
        example=_DONE,
        problems=(NotFound,),
        mode=True,
    )
)
def enable(endpoint_id: uuid.UUID) -> Response:
    """Send again."""
    with changing_work() as work:
        switch_on(work, endpoint_id=endpoint_id)
    return answer(Done())
