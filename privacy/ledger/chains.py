"""Links, computed: pure, no database."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from privacy.ledger.encoding import Head, StoredEvent, event_digest, link_digest


@dataclass(frozen=True, slots=True)
class Link:
    """One event's place in its tenant's chain."""

    position: int
    event_id: uuid.UUID
    event_digest: bytes
    previous: bytes
    digest: bytes


@dataclass(frozen=True, slots=True)
class Chained:
    """New links of one tenant, in order, and where they end."""

    tenant_id: uuid.UUID
    position: int
    digest: bytes
    links: list[Link] = field(default_factory=list)


def extend(origin: bytes, head: Head, events: Sequence[StoredEvent]) -> Chained:
    """Link `events` behind `head`, in the order given."""
    links: list[Link] = []
    position, previous = head.position, head.digest
    for event in events:
        position += 1
        digest = event_digest(origin, event)
        link = link_digest(origin, head.tenant_id, position, digest, previous)
        links.append(Link(position, event.id, digest, previous, link))
        previous = link
    return Chained(head.tenant_id, position, previous, links)
