"""Webhook endpoints and deliveries as the API has them."""

import uuid
from datetime import datetime
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta

from connector.events_out.addresses import open_url
from connector.events_out.kinds import EventKind
from connector.events_out.log import DeliveryView
from connector.events_out.models import WebhookEndpoint
from privacy.core.db.work import UnitOfWork
from privacy.vault.keyring import Keyring

Choosable = Literal[
    "call.received",
    "inquiry.received",
    "inquiry.replied",
    "account.state_changed",
    "subject_request.due",
    "backup.failed",
    "policy.changed",
]
_Name = Annotated[
    str, Meta(min_length=1, max_length=80, pattern=r"\S", description="What you call it.")
]
_Url = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=1000,
        description="An https address, on port 443 or 8443, by its full name.",
    ),
]
Purpose = Annotated[
    Literal[
        "delivery",
        "future_communication",
        "direct_marketing",
        "telemarketing",
        "market_research",
        "opinion_polls",
        "personal_research",
    ],
    Meta(description="What your program does with them; who objected to it is in no event."),
]
_Kinds = Annotated[list[Choosable], Meta(min_length=1, max_length=20)]


class EndpointWish(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A new endpoint."""

    name: _Name
    url: _Url
    kinds: _Kinds
    purpose: Purpose = "delivery"


class Endpoint(msgspec.Struct, frozen=True):
    """Where events go. The secret is not here: it was shown once.

    `include_personal` can be switched in the console only, by a person.
    """

    id: uuid.UUID
    name: str
    url: str
    kinds: list[EventKind]
    include_personal: bool
    purpose: Purpose
    state: Literal["active", "disabled"]
    state_reason: Literal["tenant", "gone", "failing"] | None
    failing_since: datetime | None
    last_success_at: datetime | None
    created_at: datetime


class Endpoints(msgspec.Struct, frozen=True):
    """Every endpoint of the tenant, by name."""

    endpoints: list[Endpoint]


class EndpointMade(msgspec.Struct, frozen=True):
    """The endpoint, and its signing secret, shown this once."""

    endpoint: Endpoint
    secret: str


class Secret(msgspec.Struct, frozen=True):
    """A new signing secret, shown this once. The old one signs beside it for 24 hours."""

    secret: str


class Delivery(msgspec.Struct, frozen=True):
    """One event on its way to one endpoint. `status` is the last answer's."""

    id: uuid.UUID
    webhook_id: str
    kind: EventKind
    happened_at: datetime
    state: Literal["waiting", "delivered", "failed"]
    attempts: int
    status: int | None
    code: str | None
    duration_ms: int | None
    tried_at: datetime | None
    next_at: datetime | None


class Deliveries(msgspec.Struct, frozen=True):
    """A page of the log, newest first. Without `next_before` it is the last one."""

    deliveries: list[Delivery]
    next_before: uuid.UUID | None


class Done(msgspec.Struct, frozen=True):
    """It is done."""

    done: bool = True


class Replayed(msgspec.Struct, frozen=True):
    """How many deliveries go out again; at 1,000, ask again for the rest."""

    count: int


def endpoint_of(work: UnitOfWork, vault: Keyring, row: WebhookEndpoint) -> Endpoint:
    """`row` for an answer."""
    return msgspec.convert(
        {
            "id": row.id,
            "name": row.name,
            "url": open_url(work, vault, row),
            "kinds": list(row.kinds),
            "include_personal": row.include_personal,
            "purpose": row.use,
            "state": row.state,
            "state_reason": row.state_reason,
            "failing_since": row.failing_since,
            "last_success_at": row.last_success_at,
            "created_at": row.created_at,
        },
        Endpoint,
    )


def delivery_of(view: DeliveryView) -> Delivery:
    """`view` for an answer."""
    return Delivery(
        id=view.id,
        webhook_id=view.message_id,
        kind=view.kind,
        happened_at=view.happened_at,
        state=msgspec.convert(view.state, Literal["waiting", "delivered", "failed"]),
        attempts=view.attempts,
        status=view.status,
        code=view.code,
        duration_ms=view.duration_ms,
        tried_at=view.tried_at,
        next_at=view.next_at,
    )


ENDPOINT_EXAMPLE: Final[dict[str, Any]] = {
    "id": "0198c0de-0000-7000-8000-0000000000e1",
    "name": "Helpdesk",
    "url": "https://hooks.example.com/silta",
    "kinds": ["account.state_changed", "call.received"],
    "include_personal": False,
    "purpose": "delivery",
    "state": "active",
    "state_reason": None,
    "failing_since": None,
    "last_success_at": "2026-11-22T09:19:32Z",
    "created_at": "2026-11-01T08:00:00Z",
}
SECRET_EXAMPLE: Final = "whsec_" + "A" * 43 + "="
DELIVERY_EXAMPLE: Final[dict[str, Any]] = {
    "id": "0198c0de-0000-7000-8000-0000000000e2",
    "webhook_id": "msg_0198c0de00007000800000000000e300",
    "kind": "call.received",
    "happened_at": "2026-11-22T09:19:31Z",
    "state": "delivered",
    "attempts": 1,
    "status": 200,
    "code": None,
    "duration_ms": 84,
    "tried_at": "2026-11-22T09:19:32Z",
    "next_at": None,
}
