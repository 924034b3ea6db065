"""What waits for the sequencer, taken out and written back as links in bulk."""

import json
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, text

from privacy.ledger.arrays import integers, octets, uuids
from privacy.ledger.chains import Chained
from privacy.ledger.encoding import StoredEvent


@dataclass(frozen=True, slots=True)
class Pending:
    """An event without a place yet; `arrival` orders it within its tenant."""

    arrival: int
    event: StoredEvent


def take(
    connection: Connection, *, limit: int, without: Collection[uuid.UUID], unchained: bool
) -> list[Pending]:
    """The first `limit` to arrive; a mark whose event is gone stays, for it is evidence.

    Args:
        without: tenants to leave alone.
        unchained: leave out events that are chained already. Nobody but a thief marks those
            again, so the look-up is not paid for until `write` has met one.
    """
    given = {"limit": limit, "without": uuids(without)}
    rows = connection.execute(_UNCHAINED if unchained else _EVERY, given).all()
    return [_pending(row) for row in rows]


def write(connection: Connection, pending: Sequence[Pending], chained: Sequence[Chained]) -> None:
    """Insert the links and remove the marks of what was chained."""
    links = [(one.tenant_id, link) for one in chained for link in one.links]
    connection.execute(
        _LINKS,
        {
            "tenants": uuids(tenant_id for tenant_id, _ in links),
            "positions": integers(link.position for _, link in links),
            "events": uuids(link.event_id for _, link in links),
            "event_digests": octets(link.event_digest for _, link in links),
            "previous": octets(link.previous for _, link in links),
            "digests": octets(link.digest for _, link in links),
        },
    )
    connection.execute(_UNMARK, {"arrivals": integers(one.arrival for one in pending)})


def _pending(row: Row[Any]) -> Pending:
    fields: list[Any] = list(row)
    fields[7] = json.loads(fields[7])
    return Pending(fields.pop(), StoredEvent(*fields))


_TAKE = """
    SELECT e.tenant_id, e.id, e.at, e.event, e.actor_kind, e.actor_id, e.subject, e.facts::text,
        e.commitment, p.arrival
    FROM ledger_pending p
    JOIN ledger_events e ON e.tenant_id = p.tenant_id AND e.id = p.event_id
    WHERE p.tenant_id <> ALL (CAST(:without AS uuid[])) {besides}
    ORDER BY p.arrival LIMIT :limit
"""

_EVERY = text(_TAKE.format(besides=""))
_UNCHAINED = text(
    _TAKE.format(
        besides="AND NOT EXISTS (SELECT FROM ledger_links l "
        "WHERE l.tenant_id = p.tenant_id AND l.event_id = p.event_id)"
    )
)

_LINKS = text(
    """
    INSERT INTO ledger_links (tenant_id, position, event_id, event_digest, previous, digest)
    SELECT * FROM unnest(CAST(:tenants AS uuid[]), CAST(:positions AS bigint[]),
        CAST(:events AS uuid[]), CAST(:event_digests AS bytea[]), CAST(:previous AS bytea[]),
        CAST(:digests AS bytea[]))
    """
)

_UNMARK = text("DELETE FROM ledger_pending WHERE arrival = ANY (CAST(:arrivals AS bigint[]))")
