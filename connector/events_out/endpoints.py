"""Add, change, test and delete endpoints."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select

from connector.events_out.addresses import checked_url, open_url, seal_url
from connector.events_out.emit import write_event
from connector.events_out.find import find_endpoint
from connector.events_out.kinds import CHOOSABLE, EventKind
from connector.events_out.models import (
    URL_VERSION,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookEvent,
)
from connector.events_out.secrets import issue_secret
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Conflict, Invalid
from privacy.core.ids import new_id
from privacy.core.writings import is_line
from privacy.ledger.encoding import Fact
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.suppressions.uses import Use
from privacy.vault.keyring import Keyring

MOST = 20
MOST_TESTS = 3
_LONGEST_NAME = 80


class TooManyEndpoints(Conflict):
    """Every event goes to each of them."""

    code = "too_many_endpoints"
    message = f"There are {MOST} endpoints already. Delete one that is not needed."


class EndpointDisabled(Conflict):
    """Nothing is sent to a disabled endpoint, a test neither."""

    code = "endpoint_disabled"
    message = "This endpoint is disabled. Enable it first."


class TooManyTests(Conflict):
    """Each test costs its receiver a request, and the next in the queue the time it takes."""

    code = "too_many_tests"
    message = f"{MOST_TESTS} tests are on their way. Look at the deliveries before you send more."


@dataclass(frozen=True, slots=True)
class NewEndpoint:
    """What came of it. `secret` is shown this once."""

    id: uuid.UUID
    secret: str

    def __repr__(self) -> str:
        return f"<NewEndpoint {self.id}>"


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants of an endpoint."""

    name: str
    url: str
    kinds: Collection[EventKind]
    include_personal: bool = False
    use: Use = Use.DELIVERY
    """What the program does with them: nobody who objected to that is in any event (A13)."""


def add_endpoint(
    work: UnitOfWork, *, vault: Keyring, wish: Wish, loopback: bool = False
) -> NewEndpoint:
    """An endpoint of the bound tenant, active at once. Naming it declares its host (promise E2).

    Raises:
        Invalid: a field is not usable. TooManyEndpoints: twenty are there.
    """
    url = _checked(wish, loopback=loopback)
    count = work.session.scalar(select(func.count()).select_from(WebhookEndpoint))
    if (count or 0) >= MOST:
        raise TooManyEndpoints
    endpoint = WebhookEndpoint(
        tenant_id=work.tenant_id,
        id=new_id(),
        name=wish.name.strip(),
        url_version=1,
        kinds=_sorted(wish.kinds),
        include_personal=wish.include_personal,
        use=wish.use.value,
        state="active",
        state_at=work.now,
        created_at=work.now,
    )
    seal_url(work, vault, endpoint, url)
    work.session.add(endpoint)
    work.session.flush()
    URL_VERSION.witness(work, row_id=endpoint.id, version=1)
    record(work, Event.WEBHOOK_CREATED, subject=endpoint.id, facts=_facts(wish))
    return NewEndpoint(endpoint.id, issue_secret(work, vault, endpoint))


def change_endpoint(
    work: UnitOfWork, *, vault: Keyring, endpoint_id: uuid.UUID, wish: Wish, loopback: bool = False
) -> None:
    """Name, address and kinds anew. Raises NotFound, Invalid."""
    url = _checked(wish, loopback=loopback)
    endpoint = find_endpoint(work, endpoint_id, lock=True)
    moved = open_url(work, vault, endpoint) != url
    endpoint.name, endpoint.kinds = wish.name.strip(), _sorted(wish.kinds)
    endpoint.include_personal, endpoint.use = wish.include_personal, wish.use.value
    if moved:
        endpoint.url_version += 1
        seal_url(work, vault, endpoint, url)
        URL_VERSION.witness(work, row_id=endpoint.id, version=endpoint.url_version)
    facts = _facts(wish) | {"moved": moved}
    record(work, Event.WEBHOOK_CHANGED, subject=endpoint.id, facts=facts)


def rotate_endpoint_secret(work: UnitOfWork, *, vault: Keyring, endpoint_id: uuid.UUID) -> str:
    """A new secret, shown once; the old one signs beside it for a day. Raises NotFound."""
    endpoint = find_endpoint(work, endpoint_id, lock=True)
    record(work, Event.WEBHOOK_ROTATED, subject=endpoint_id)
    return issue_secret(work, vault, endpoint)


def try_endpoint(work: UnitOfWork, *, endpoint_id: uuid.UUID) -> uuid.UUID:
    """Send it an event of its own; how that went is in the log. Returns the event's id.

    Raises:
        NotFound. EndpointDisabled. TooManyTests: some have not got through yet.
    """
    endpoint = find_endpoint(work, endpoint_id, lock=True)
    if endpoint.state != "active":
        raise EndpointDisabled
    if _tests_waiting(work, endpoint_id) >= MOST_TESTS:
        raise TooManyTests
    facts = {"endpoint_id": str(endpoint_id)}
    return write_event(work, EventKind.ENDPOINT_TESTED, dict(facts), [endpoint_id])


def _tests_waiting(work: UnitOfWork, endpoint_id: uuid.UUID) -> int:
    query = (
        select(func.count())
        .select_from(WebhookDelivery)
        .join(
            WebhookEvent,
            (WebhookEvent.tenant_id == WebhookDelivery.tenant_id)
            & (WebhookEvent.id == WebhookDelivery.event_id),
        )
        .where(
            WebhookDelivery.endpoint_id == endpoint_id,
            WebhookDelivery.state == "waiting",
            WebhookEvent.kind == EventKind.ENDPOINT_TESTED.value,
        )
    )
    return work.session.scalar(query) or 0


def delete_endpoint(work: UnitOfWork, *, endpoint_id: uuid.UUID) -> None:
    """End it, with its secrets and its log. Raises NotFound."""
    endpoint = find_endpoint(work, endpoint_id, lock=True)
    work.session.delete(endpoint)
    work.session.flush()
    record(work, Event.WEBHOOK_DELETED, subject=endpoint_id)


def _checked(wish: Wish, *, loopback: bool) -> str:
    wrong: dict[str, str] = {}
    url = ""
    name = wish.name.strip()
    if not name or not is_line(name, longest=_LONGEST_NAME):
        wrong["name"] = f"Give the endpoint a name of up to {_LONGEST_NAME} characters."
    if not wish.kinds or not set(wish.kinds) <= set(CHOOSABLE):
        wrong["kinds"] = "Choose at least one kind of event."
    try:
        url = checked_url(wish.url, loopback=loopback)
    except Invalid as refusal:
        fields = refusal.details["fields"]
        wrong |= fields if isinstance(fields, dict) else {}
    if wrong:
        raise Invalid(fields=wrong)
    return url


def _sorted(kinds: Collection[EventKind]) -> list[str]:
    return sorted({kind.value for kind in kinds})


def _facts(wish: Wish) -> dict[str, Fact]:
    return {"kinds": len(set(wish.kinds)), "personal": wish.include_personal, "use": wish.use.value}
