"""What a marketplace sends and is answered, field by field."""

import uuid
from datetime import datetime
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta

from connector.marketplace.subscriptions import SubscriptionView

OrderId = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=100,
        pattern=r"^[!-~]+$",
        description="Yours: names this very order, once and for ever.",
    ),
]
SubscriptionId = Annotated[uuid.UUID, Meta(description="Ours, from the answer to provision.")]
Service = Annotated[str, Meta(pattern="^[A-Z]$", description="Key of a service.")]
Value = str | int | bool
State = Literal["active", "suspended", "ending", "ended"]


class Customer(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Who buys. The same `id` is the same organisation here, whatever its name."""

    id: Annotated[str, Meta(min_length=1, max_length=100, pattern=r"^[!-~]+$")]
    name: Annotated[str, Meta(min_length=1, max_length=120, pattern=r"\S")]


class Owner(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Who is invited to run the organisation here, where nobody does yet."""

    email: Annotated[str, Meta(min_length=3, max_length=320)]
    language: Literal["en", "fi", "sv", "de"] = "en"


class Provision(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A first order of a service."""

    order_id: OrderId
    service: Service
    customer: Customer
    owner: Owner
    parameters: dict[str, Value] = {}


class ChangeParameters(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Other values for some parameters; the rest stays."""

    order_id: OrderId
    subscription_id: SubscriptionId
    parameters: dict[str, Value]


class Act(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Suspend, resume or terminate a subscription."""

    order_id: OrderId
    subscription_id: SubscriptionId


class UsageWish(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Which month, by UTC."""

    subscription_id: SubscriptionId
    month: Annotated[str, Meta(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$", description="2026-11")]


class Parameter(msgspec.Struct, frozen=True):
    """One parameter. `choices` are of a choice, `minimum` and `maximum` of a number or a text."""

    name: str
    type: Literal["text", "integer", "boolean", "choice"]
    description: str
    required: bool
    changeable: bool
    choices: list[str]
    minimum: int | None
    maximum: int | None


class ServiceParameters(msgspec.Struct, frozen=True):
    """A service that can be ordered."""

    service: str
    name: str
    description: str
    parameters: list[Parameter]


class Services(msgspec.Struct, frozen=True):
    """Everything that can be ordered."""

    services: list[ServiceParameters]


class Subscription(msgspec.Struct, frozen=True):
    """A subscription. `ends_at`: until then people can export; then the data is destroyed."""

    subscription_id: uuid.UUID
    tenant_id: uuid.UUID
    service: str
    state: State
    parameters: dict[str, Value]
    account_id: uuid.UUID | None
    created_at: datetime
    ends_at: datetime | None
    sign_in_url: str


class Usage(msgspec.Struct, frozen=True):
    """Counts of a month: calls taken in and seconds spoken, systems connected, people."""

    subscription_id: uuid.UUID
    month: str
    calls: int
    seconds: int
    accounts: int
    seats: int


def subscription_of(view: SubscriptionView, *, public_url: str) -> Subscription:
    """`view` for an answer."""
    return msgspec.convert(
        {
            "subscription_id": view.id,
            "tenant_id": view.tenant_id,
            "service": view.service,
            "state": view.state,
            "parameters": dict(view.parameters),
            "account_id": view.account_id,
            "created_at": view.created_at,
            "ends_at": view.ends_at,
            "sign_in_url": f"{public_url}/sign-in",
        },
        Subscription,
    )


SUBSCRIPTION_ID: Final = "0198c0de-0000-7000-8000-0000000000f1"
EXAMPLE: Final[dict[str, Any]] = {
    "subscription_id": SUBSCRIPTION_ID,
    "tenant_id": "0198c0de-0000-7000-8000-0000000000a1",
    "service": "T",
    "state": "active",
    "parameters": {"account_kind": "moontalk", "retention_days": 14},
    "account_id": "0198c0de-0000-7000-8000-00000000000a",
    "created_at": "2026-11-22T09:15:00Z",
    "ends_at": None,
    "sign_in_url": "https://silta.example.com/sign-in",
}
ORDERED: Final[dict[str, Any]] = {
    "order_id": "order-10001",
    "service": "T",
    "customer": {"id": "customer-77", "name": "Example Oy"},
    "owner": {"email": "robin@example.com", "language": "en"},
    "parameters": {"account_kind": "moontalk", "retention_days": 14},
}
