"""Before a chain is extended: is its end what we signed and what the anchors remember?"""

import uuid
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, text

from privacy.ledger.anchors import Anchors
from privacy.ledger.encoding import Head, genesis
from privacy.ledger.signing import Identity

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def trusted_heads(
    connection: Connection,
    identity: Identity,
    anchors: Anchors,
    tenants: Collection[uuid.UUID],
) -> dict[uuid.UUID, Head]:
    """The heads behind which links may go; a tenant without one has a broken chain."""
    anchored = {tenant_id: anchors.latest(tenant_id) for tenant_id in tenants}
    asked = {
        "tenants": list(anchored),
        "positions": [head.position if head else 0 for head in anchored.values()],
    }
    heads = {}
    for row in connection.execute(_ENDS, asked):
        head = _trusted(identity, row, anchored[row.tenant])
        if head is not None:
            heads[head.tenant_id] = head
    return heads


def _trusted(identity: Identity, row: Row[Any], anchor: Head | None) -> Head | None:
    if row.position is None:
        first = Head(row.tenant, 0, genesis(identity.origin, row.tenant), _NEVER)
        fresh = row.last is None and (anchor is None or _begins_anew(identity, anchor, first))
        return first if fresh else None
    head = Head(row.tenant, row.position, row.digest, row.signed_at, row.signature)
    ends_here = (row.last, row.last_digest) == (head.position, head.digest)
    remembered = anchor is None or (
        identity.signed(anchor) and row.anchored_digest == anchor.digest
    )
    return head if ends_here and remembered and identity.signed(head) else None


def _begins_anew(identity: Identity, anchor: Head, first: Head) -> bool:
    """Whether a restoration to before the first link was anchored, and nothing since."""
    same = (anchor.position, anchor.digest) == (first.position, first.digest)
    return anchor.archive is not None and same and identity.signed(anchor)


_ENDS = text(
    """
    SELECT t.tenant, h.position, h.digest, h.signed_at, h.signature,
        last.position AS last, last.digest AS last_digest, past.digest AS anchored_digest
    FROM unnest(CAST(:tenants AS uuid[]), CAST(:positions AS bigint[])) AS t (tenant, anchored)
    LEFT JOIN ledger_heads h ON h.tenant_id = t.tenant
    LEFT JOIN LATERAL (
        SELECT position, digest FROM ledger_links l WHERE l.tenant_id = t.tenant
        ORDER BY position DESC LIMIT 1
    ) last ON true
    LEFT JOIN ledger_links past ON past.tenant_id = t.tenant AND past.position = t.anchored
    """
)
