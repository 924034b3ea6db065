"""Endpoints and deliveries as the pages tell of them."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from connector.events_out.addresses import open_url
from connector.events_out.kinds import EventKind
from connector.events_out.log import DeliveryView
from connector.events_out.models import WebhookEndpoint
from connector.http.console.purposes import PURPOSES
from privacy.core.db.work import UnitOfWork
from privacy.suppressions.uses import Use
from privacy.vault.keyring import Keyring

_REASONS: Final = {
    "tenant": "It was disabled here. Nothing is sent.",
    "gone": "It answered that it wants no more events (410). Nothing is sent.",
    "failing": "It took nothing for three days. Nothing is sent.",
}
_STATES: Final = {
    "waiting": ("On its way", "warn"),
    "delivered": ("Delivered", "good"),
    "failed": ("Failed", "bad"),
}
_CODES: Final = {
    "endpoint_disabled": "the endpoint was disabled",
    "withheld": "who it is about objected to what the endpoint is for",
    "recipient_not_declared": "the address is not open from here",
    "address_forbidden": "the address leads into a private network",
    "name_not_resolved": "the name has no address",
    "unreachable": "no connection",
    "timed_out": "no answer within 15 seconds",
    "certificate_not_trusted": "the certificate is not valid",
    "redirected": "it sent us to another address",
    "answer_too_big": "its answer was larger than 1 MiB",
}


@dataclass(frozen=True, slots=True)
class EndpointFacts:
    """An endpoint as the pages show it; its secret is nowhere."""

    id: uuid.UUID
    name: str
    url: str
    kinds: list[str]
    include_personal: bool
    purpose: str
    active: bool
    state_label: str
    state_tone: str
    state_text: str
    last_success_at: datetime | None


@dataclass(frozen=True, slots=True)
class DeliveryFacts:
    """A line of the log."""

    id: uuid.UUID
    kind: str
    message_id: str
    happened_at: datetime
    state_label: str
    state_tone: str
    attempts: int
    answered: str
    tried_at: datetime | None
    next_at: datetime | None
    over: bool


def endpoint_facts(work: UnitOfWork, vault: Keyring, row: WebhookEndpoint) -> EndpointFacts:
    """The facts of an endpoint."""
    label, tone, text = _standing(row)
    return EndpointFacts(
        id=row.id,
        name=row.name,
        url=open_url(work, vault, row),
        kinds=[EventKind(kind).value for kind in row.kinds],
        include_personal=row.include_personal,
        purpose=PURPOSES[Use(row.use)],
        active=row.state == "active",
        state_label=label,
        state_tone=tone,
        state_text=text,
        last_success_at=row.last_success_at,
    )


def delivery_facts(view: DeliveryView) -> DeliveryFacts:
    """The facts of a delivery."""
    label, tone = _STATES[view.state]
    return DeliveryFacts(
        id=view.id,
        kind=view.kind.value,
        message_id=view.message_id,
        happened_at=view.happened_at,
        state_label=label,
        state_tone=tone,
        attempts=view.attempts,
        answered=_answered(view),
        tried_at=view.tried_at,
        next_at=view.next_at,
        over=view.state != "waiting",
    )


def _standing(row: WebhookEndpoint) -> tuple[str, str, str]:
    if row.state == "disabled":
        return "Disabled", "bad", _REASONS.get(row.state_reason or "", _REASONS["tenant"])
    if row.failing_since is not None:
        text = "It does not take events at the moment; each is tried again for three days."
        return "Failing", "warn", text
    return "Active", "good", "Events are sent as they happen, in no promised order."


def _answered(view: DeliveryView) -> str:
    if view.status is not None:
        return f"{view.status} in {view.duration_ms} ms"
    return _CODES.get(view.code or "", (view.code or "").replace("_", " "))
