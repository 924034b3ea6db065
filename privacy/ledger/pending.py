"""What waits for the sequencer, taken out and written back as links in bulk."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, text

from privacy.ledger.chains import Chained
from privacy.ledger.encoding import StoredEvent


@dataclass(frozen=True, slots=True)
class Pending:
    """An event without a place yet; `arrival` orders it within its tenant."""

    arrival: int
    event: StoredEvent


def take(connection: Connection, *, limit: int, without: Collection[uuid.UUID]) -> list[Pending]:
    """The first `limit` to arrive that can be chained.

    A mark whose event is gone, or chained already, stays where it is: it is evidence of tampering.
    """
    rows = connection.execute(_TAKE, {"limit": limit, "without": list(without)})
    return [Pending(row[0], StoredEvent(*row[1:])) for row in rows]


def written(connection: Connection, chained: Sequence[Chained]) -> None:
    """Insert the links and remove their marks."""
    links = [(one.tenant_id, link) for one in chained for link in one.links]
    tenants = [tenant_id for tenant_id, _ in links]
    events = [link.event_id for _, link in links]
    connection.execute(
        _LINKS,
        {
            "tenants": tenants,
            "positions": [link.position for _, link in links],
            "events": events,
            "event_digests": [link.event_digest for _, link in links],
            "previous": [link.previous for _, link in links],
            "digests": [link.digest for _, link in links],
        },
    )
    connection.execute(_UNMARK, {"tenants": tenants, "events": events})


_TAKE = text(
    """
    SELECT p.arrival, e.tenant_id, e.id, e.at, e.event, e.actor_kind, e.actor_id, e.subject,
        e.facts, e.commitment
    FROM ledger_pending p
    JOIN ledger_events e ON e.tenant_id = p.tenant_id AND e.id = p.event_id
    WHERE p.tenant_id <> ALL (CAST(:without AS uuid[])) AND NOT EXISTS (
        SELECT FROM ledger_links l WHERE l.tenant_id = p.tenant_id AND l.event_id = p.event_id)
    ORDER BY p.arrival LIMIT :limit
    """
)

_LINKS = text(
    """
    INSERT INTO ledger_links (tenant_id, position, event_id, event_digest, previous, digest)
    SELECT * FROM unnest(CAST(:tenants AS uuid[]), CAST(:positions AS bigint[]),
        CAST(:events AS uuid[]), CAST(:event_digests AS bytea[]), CAST(:previous AS bytea[]),
        CAST(:digests AS bytea[]))
    """
)

_UNMARK = text(
    """
    DELETE FROM ledger_pending p
    USING unnest(CAST(:tenants AS uuid[]), CAST(:events AS uuid[])) AS done (tenant, event)
    WHERE p.tenant_id = done.tenant AND p.event_id = done.event
    """
)
