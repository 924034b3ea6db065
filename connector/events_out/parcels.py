"""A delivery made ready: everything that sending needs, read in one transaction."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import msgspec

from connector.events_out.addresses import open_url
from connector.events_out.facts import moment_text
from connector.events_out.find import find_endpoint
from connector.events_out.kinds import EventKind
from connector.events_out.models import WebhookDelivery, WebhookEndpoint, WebhookEvent
from connector.events_out.secrets import open_secrets
from connector.events_out.signing import sign
from privacy.core.db.work import UnitOfWork
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.suppressions.uses import Use
from privacy.vault.keyring import Keyring

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Lookup:
    """Of one kind of event that is about people.

    Args:
        narrow: the facts without people who objected to a use; None where nobody is left.
        personal: from those facts to the declared personal fields that are still kept; None
            where there are none to be told.
    """

    narrow: Callable[[UnitOfWork, Keyring, Facts, Use], Facts | None]
    personal: Callable[[UnitOfWork, Keyring, Facts, Use], Facts] | None = None


Lookups = Mapping[EventKind, Lookup]
NONE: Final[Lookups] = {}


class NobodyLeft(Exception):
    """Everybody whom an event is about objected to what its endpoint is for."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """One request. Neither address nor content prints."""

    url: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


def message_id(event_id: uuid.UUID) -> str:
    """The header `webhook-id`: the same for every attempt and replay of an event."""
    return f"msg_{event_id.hex}"


def make_parcel(
    work: UnitOfWork, *, vault: Keyring, delivery: WebhookDelivery, lookups: Lookups = NONE
) -> Parcel | None:
    """The request of `delivery` (a locked row); None when its endpoint is disabled.

    Personal data is looked up now, where the endpoint's tenant wants it: what was erased or has
    ended since is not in it, and a replay brings nothing back.

    Raises:
        NobodyLeft: it is about nobody who may be in it.
        OpenError: an address or a secret was changed outside the service.
    """
    endpoint = find_endpoint(work, delivery.endpoint_id)
    if endpoint.state != "active":
        return None
    event = work.session.get_one(WebhookEvent, (work.tenant_id, delivery.event_id))
    body = _body(work, vault, endpoint, event, lookups)
    return Parcel(
        url=open_url(work, vault, endpoint),
        headers=_headers(event.id, work.now, open_secrets(work, vault, endpoint.id), body),
        body=body,
    )


def _body(
    work: UnitOfWork,
    vault: Keyring,
    endpoint: WebhookEndpoint,
    event: WebhookEvent,
    lookups: Lookups,
) -> bytes:
    kind, use, data = EventKind(event.kind), Use(endpoint.use), dict(event.facts)
    lookup = lookups.get(kind)
    if lookup is not None:
        narrowed = lookup.narrow(work, vault, event.facts, use)
        if narrowed is None:
            raise NobodyLeft
        data = dict(narrowed)
    if endpoint.include_personal and lookup is not None and lookup.personal is not None:
        data |= lookup.personal(work, vault, data, use)
        facts = {"kind": kind.value, "event": str(event.id), "use": use.value}
        record(work, Event.WEBHOOK_DISCLOSED, subject=endpoint.id, facts=facts)
    told = {"type": kind.value, "timestamp": moment_text(event.at), "data": data}
    return msgspec.json.encode(told)


def _headers(
    event_id: uuid.UUID, now: datetime, keys: list[bytes], body: bytes
) -> Mapping[str, str]:
    name, stamp = message_id(event_id), int(now.timestamp())
    return {
        "content-type": "application/json",
        "webhook-id": name,
        "webhook-timestamp": str(stamp),
        "webhook-signature": sign(keys, message_id=name, timestamp=stamp, body=body),
    }
