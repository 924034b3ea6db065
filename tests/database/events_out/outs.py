"""Endpoints of a test, and jobs run as a worker would run them."""

import uuid
from collections.abc import Callable, Collection
from datetime import timedelta
from typing import Any

from sqlalchemy import text

from connector.calls.told import calls_for, calls_of_event
from connector.events_out.deliver import deliver
from connector.events_out.emit import emit
from connector.events_out.endpoints import NewEndpoint, Wish, add_endpoint
from connector.events_out.kinds import CHOOSABLE, EventKind
from connector.events_out.parcels import Lookup, Parcel
from connector.events_out.post import Poster, Result
from connector.inquiries.told import inquiry_for
from privacy.core import clock
from privacy.suppressions.uses import Use
from tests.database.events_out.receivers import Receiver
from tests.tenancies import House, Tenancy

LOOKUPS = {
    EventKind.CALL_RECEIVED: Lookup(calls_for, calls_of_event),
    EventKind.INQUIRY_RECEIVED: Lookup(inquiry_for),
    EventKind.INQUIRY_REPLIED: Lookup(inquiry_for),
}


def endpoint(
    tenancy: Tenancy,
    receiver: Receiver,
    *,
    kinds: Collection[EventKind] = CHOOSABLE,
    personal: bool = False,
    use: Use = Use.DELIVERY,
) -> NewEndpoint:
    """An endpoint whose receiver knows the secret."""
    wish = Wish("Hooks", receiver.url, kinds, include_personal=personal, use=use)
    with tenancy.work() as work:
        made = add_endpoint(work, vault=tenancy.vault, wish=wish, loopback=True)
    receiver.secrets.append(made.secret)
    return made


def state_changed(house: House) -> None:
    """An event with nothing behind it."""
    with house.alice.work() as work:
        emit(
            work,
            EventKind.ACCOUNT_STATE_CHANGED,
            {"account_id": uuid.uuid4(), "from": "testing", "to": "connected", "reason": None},
        )


def run_due(
    house: House,
    tenancy: Tenancy,
    post: Callable[[Parcel], Result] | None = None,
) -> int:
    """Run every delivery that is due by the installation's clock. Returns how many jobs ran."""
    found = due(house, tenancy)
    for job_id, payload in found:
        deliver(
            tenancy.work,
            vault=tenancy.vault,
            post=post or Poster(loopback=True),
            delivery_id=uuid.UUID(payload["delivery_id"]),
            turn=payload["turn"],
            lookups=LOOKUPS,
        )
        with house.installation.superuser().begin() as connection:
            done = text("UPDATE outbox_jobs SET state = 'done' WHERE id = :id")
            connection.execute(done, {"id": job_id})
    return len(found)


def due(house: House, tenancy: Tenancy) -> list[tuple[uuid.UUID, dict[str, Any]]]:
    """Delivery jobs whose time has come."""
    with house.installation.superuser().connect() as connection:
        rows = connection.execute(
            text(
                "SELECT id, payload FROM outbox_jobs WHERE name = 'event.deliver' "
                "AND state = 'waiting' AND tenant_id = :tenant AND run_at <= :now ORDER BY id"
            ),
            {"tenant": tenancy.id, "now": clock.now() + timedelta(milliseconds=50)},
        )
        return [(row.id, row.payload) for row in rows]


def deliveries(house: House) -> list[dict[str, Any]]:
    """All rows of the log, oldest first."""
    with house.installation.superuser().connect() as connection:
        query = text("SELECT * FROM webhook_deliveries ORDER BY id")
        return [dict(row) for row in connection.execute(query).mappings()]


def only(house: House) -> dict[str, Any]:
    """The only delivery."""
    (row,) = deliveries(house)
    return row
