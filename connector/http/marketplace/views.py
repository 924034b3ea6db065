"""The methods that a marketplace calls."""

from collections.abc import Callable
from datetime import date
from typing import TypeVar

import msgspec
from flask import Response, current_app, request

from connector.http.api.answers import answer, raw_answer
from connector.http.api.documents import api_document
from connector.http.api.inputs import BODY_LIMIT, JSON, decode, raw_body, read_json
from connector.http.api.operations import Body, Operation, describes
from connector.http.marketplace import shapes
from connector.http.marketplace.faces import MARKETPLACE
from connector.http.marketplace.transport import TlsRequired
from connector.marketplace import change
from connector.marketplace.orders import Answer, OrderInProgress, OrderReused
from connector.marketplace.parameters import offered, parameters_of
from connector.marketplace.provision import Wish
from connector.marketplace.provision import provision as provision_order
from connector.marketplace.subscriptions import IllegalStep, SubscriptionView
from connector.marketplace.usage import usage_of
from privacy.core.errors import NotFound, UnsupportedMedia
from privacy.profiles import load_profiles
from tenants.http.access import public, requires
from tenants.http.callers import caller
from tenants.http.services import services
from tenants.permissions import Permission

_ABOUT = {"order_id": "order-10002", "subscription_id": shapes.SUBSCRIPTION_ID}
T = TypeVar("T")
_ORDERS = (OrderReused, OrderInProgress, TlsRequired)


@public("The description holds no data.")
@describes(
    Operation(
        id="readDescription",
        summary="This description",
        description="OpenAPI 3.1.",
        tag="marketplace",
        answer={"type": "object"},
        example={"openapi": "3.1.0"},
        open=True,
        problems=(TlsRequired,),
    )
)
def read_document() -> Response:
    """The OpenAPI document of this face."""
    url = services().settings.public_url
    return answer(api_document(current_app, public_url=url, face=MARKETPLACE))


@requires(Permission.MARKETPLACE_READ)
@describes(
    Operation(
        id="getServiceParameters",
        summary="Services and their parameters",
        description="Called first: what can be ordered, and with which parameters.",
        tag="marketplace",
        answer=shapes.Services,
        example={
            "services": [
                {
                    "service": "N",
                    "name": "Netvisor Connector",
                    "description": "Brings data of Netvisor.",
                    "parameters": [
                        {
                            "name": "require_second_factor",
                            "type": "boolean",
                            "description": "Everybody must have a second factor.",
                            "required": False,
                            "changeable": True,
                            "choices": [],
                            "minimum": None,
                            "maximum": None,
                        }
                    ],
                }
            ]
        },
        problems=(TlsRequired,),
    )
)
def get_service_parameters() -> Response:
    """What can be ordered."""
    return answer(shapes.Services([_service(key) for key in offered()]))


@requires(Permission.MARKETPLACE_ORDER)
@describes(
    Operation(
        id="provision",
        summary="Provision a service",
        description=(
            "Creates the customer's organisation or finds it, subscribes it to the service, makes "
            "an account draft where the service has accounts, and mails an invitation to the owner "
            "where the organisation has none yet."
        ),
        tag="marketplace",
        body=Body({JSON: shapes.Provision}, {JSON: shapes.ORDERED}, "The order."),
        answer=shapes.Subscription,
        example=shapes.EXAMPLE,
        problems=_ORDERS,
    )
)
def provision() -> Response:
    """A first order."""
    given, payload = _read(shapes.Provision)
    wish = Wish(
        service=given.service,
        customer_id=given.customer.id,
        customer_name=given.customer.name,
        owner_email=given.owner.email,
        language=given.owner.language,
        parameters=given.parameters,
    )
    done = provision_order(
        services().desk,
        principal=caller(),
        order_id=given.order_id,
        payload=payload,
        wish=wish,
        encode=_encode,
    )
    return _respond(done)


@requires(Permission.MARKETPLACE_ORDER)
@describes(
    Operation(
        id="changeParameters",
        summary="Change parameters",
        description="Parameters that are `changeable`; those that are left out stay.",
        tag="marketplace",
        body=Body(
            {JSON: shapes.ChangeParameters},
            {JSON: _ABOUT | {"parameters": {"retention_days": 7}}},
            "The order.",
        ),
        answer=shapes.Subscription,
        example=shapes.EXAMPLE,
        problems=(*_ORDERS, NotFound),
    )
)
def change_parameters() -> Response:
    """Other parameters."""
    given, payload = _read(shapes.ChangeParameters)
    call = _call(given, payload)
    return _respond(change.change_parameters(services().desk, call, parameters=given.parameters))


def _act(
    name: str, summary: str, description: str, use: Callable[..., Answer]
) -> Callable[[], Response]:
    @requires(Permission.MARKETPLACE_ORDER)
    @describes(
        Operation(
            id=name,
            summary=summary,
            description=description,
            tag="marketplace",
            body=Body({JSON: shapes.Act}, {JSON: _ABOUT}, "The order."),
            answer=shapes.Subscription,
            example=shapes.EXAMPLE,
            problems=(*_ORDERS, NotFound, IllegalStep),
        )
    )
    def view() -> Response:
        given, payload = _read(shapes.Act)
        return _respond(use(services().desk, _call(given, payload)))

    return view


suspend = _act(
    "suspend",
    "Suspend",
    "Nothing more is taken in for the service. An organisation whose subscriptions are all "
    "suspended is refused as a whole; its data stays, and ends on time.",
    change.suspend,
)
resume = _act("resume", "Resume", "Ends a suspension.", change.resume)
terminate = _act(
    "terminate",
    "Terminate",
    "Begins the end: nothing more is taken in, people can export until `ends_at` (30 days), then "
    "the data is destroyed. It cannot be taken back; a new order begins anew.",
    change.terminate,
)


@requires(Permission.MARKETPLACE_READ)
@describes(
    Operation(
        id="usage",
        summary="Usage of a month",
        description="For billing: counts that identify nobody.",
        tag="marketplace",
        body=Body(
            {JSON: shapes.UsageWish},
            {JSON: {"subscription_id": shapes.SUBSCRIPTION_ID, "month": "2026-11"}},
            "Which subscription, which month.",
        ),
        answer=shapes.Usage,
        example={
            "subscription_id": shapes.SUBSCRIPTION_ID,
            "month": "2026-11",
            "calls": 5120,
            "seconds": 913400,
            "accounts": 2,
            "seats": 6,
        },
        problems=(TlsRequired, NotFound),
    )
)
def usage() -> Response:
    """Counts of a month."""
    given = read_json(shapes.UsageWish)
    found = usage_of(
        services().desk,
        principal=caller(),
        subscription_id=given.subscription_id,
        month=date.fromisoformat(f"{given.month}-01"),
    )
    return answer(
        shapes.Usage(
            subscription_id=given.subscription_id,
            month=given.month,
            calls=found.calls,
            seconds=found.seconds,
            accounts=found.accounts,
            seats=found.seats,
        )
    )


def _read(kind: type[T]) -> tuple[T, bytes]:
    if request.mimetype != JSON:
        raise UnsupportedMedia("Send the body as application/json.")
    body = raw_body(BODY_LIMIT)
    given = decode(kind, body)
    # What two calls say is compared, not how it is spelled.
    return given, msgspec.json.encode(given, order="sorted")


def _call(given: shapes.Act | shapes.ChangeParameters, payload: bytes) -> change.Call:
    return change.Call(caller(), given.order_id, payload, given.subscription_id, _encode)


def _encode(view: SubscriptionView) -> bytes:
    url = services().settings.public_url
    return msgspec.json.encode(shapes.subscription_of(view, public_url=url))


def _respond(done: Answer) -> Response:
    response = raw_answer(done.body)
    if done.replayed:
        response.headers["Idempotent-Replayed"] = "true"
    return response


def _service(key: str) -> shapes.ServiceParameters:
    known = load_profiles()[key]
    parameters = [
        shapes.Parameter(
            name=one.name,
            type=one.kind,
            description=one.description,
            required=one.required,
            changeable=one.changeable,
            choices=list(one.choices),
            minimum=one.minimum,
            maximum=one.maximum,
        )
        for one in parameters_of(key)
    ]
    return shapes.ServiceParameters(key, known.service, known.description, parameters)
