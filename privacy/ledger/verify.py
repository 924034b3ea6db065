"""Verify a ledger: every link, the head's signature, the anchors, and what waits.

Trust begins outside the database: with the pinned identity and the anchors (ATTACKS 57 to 59).
The chain is streamed, so memory stays flat whatever its length.
"""

import uuid
from collections.abc import Iterator
from itertools import takewhile

from sqlalchemy import Connection, Engine, text

from privacy.core.clock import database_now
from privacy.core.db.work import SYSTEM, unit_of_work
from privacy.ledger.anchors import Anchors
from privacy.ledger.encoding import Head
from privacy.ledger.findings import Finding, Problem, Report
from privacy.ledger.rollbacks import find_rollbacks
from privacy.ledger.signing import Identity
from privacy.ledger.walking import Walk, walk

PATIENCE_SECONDS = 60.0


def verify(
    connection: Connection,
    identity: Identity,
    anchors: Anchors,
    *,
    tenant_id: uuid.UUID,
    patience: float = PATIENCE_SECONDS,
) -> Report:
    """Verify one tenant's ledger, in one snapshot where the isolation is REPEATABLE READ;
    otherwise a chain that grows meanwhile is read up to the head as it was first.

    Args:
        connection: of the app role with this tenant bound, or of the sequencer's.
        patience: seconds that an event may wait for its place in the chain.
    """
    # Before the head, so that a head anchored meanwhile cannot look like a truncation.
    anchored = _anchored_position(anchors, tenant_id)
    head = _head(connection, tenant_id)
    past = takewhile(lambda one: one.position <= anchored, anchors.history(tenant_id))
    walked = walk(connection, identity, tenant_id, anchors=past, head=head)
    if walked.beyond and _head(connection, tenant_id) != head:
        walked.beyond = False  # the chain grew while it was read
    count, seconds = _waiting(connection, tenant_id)
    findings = [
        *walked.findings,
        *_check_head(identity, head, walked),
        *_check_anchor(connection, anchors, tenant_id),
        *_check_marks(connection, tenant_id),
        *_check_patience(seconds, patience),
    ]
    return Report(
        tenant_id=tenant_id,
        links=walked.links,
        head_position=head.position if head else 0,
        head_signed_at=head.signed_at if head else None,
        anchored_position=anchored,
        pending=count,
        oldest_pending_seconds=seconds,
        findings=tuple(findings),
    )


def verify_all(
    engine: Engine,
    identity: Identity,
    anchors: Anchors,
    *,
    patience: float = PATIENCE_SECONDS,
    app: Engine | None = None,
) -> Iterator[Report]:
    """Verify every tenant that the database or the anchors know, one report each.

    Args:
        engine: of the role silta_sequencer.
        app: of the role silta_app, to find rows that were put back to an older version too;
            the sequencer cannot see them.
    """
    with engine.connect() as connection:
        known = {row[0] for row in connection.execute(_TENANTS)}
    for tenant_id in sorted(known | anchors.tenants()):
        yield verify_one(engine, identity, anchors, tenant_id=tenant_id, patience=patience, app=app)


def verify_one(
    engine: Engine,
    identity: Identity,
    anchors: Anchors,
    *,
    tenant_id: uuid.UUID,
    patience: float = PATIENCE_SECONDS,
    app: Engine | None = None,
) -> Report:
    """Verify one tenant's ledger in one snapshot; the arguments are those of `verify_all`."""
    with engine.connect() as plain:
        connection = plain.execution_options(isolation_level="REPEATABLE READ")
        report = verify(connection, identity, anchors, tenant_id=tenant_id, patience=patience)
    return report.including(_rolled_back(app, tenant_id))


def _rolled_back(app: Engine | None, tenant_id: uuid.UUID) -> list[Finding]:
    if app is None:
        return []
    with unit_of_work(app, tenant_id=tenant_id, actor=SYSTEM) as work:
        return find_rollbacks(work.connection, tenant_id=tenant_id)


def _head(connection: Connection, tenant_id: uuid.UUID) -> Head | None:
    row = connection.execute(_HEAD, {"tenant": tenant_id}).one_or_none()
    return None if row is None else Head(*row)


def _anchored_position(anchors: Anchors, tenant_id: uuid.UUID) -> int:
    kept = anchors.latest(tenant_id)
    return kept.position if kept else 0


def _check_head(identity: Identity, head: Head | None, walked: Walk) -> Iterator[Finding]:
    if head is None:
        if walked.links:
            yield Finding(Problem.MISSING_HEAD)
        return
    if not identity.signed(head):
        yield Finding(Problem.BAD_SIGNATURE, head.position)
    if walked.broken:
        return
    if walked.links < head.position:
        yield Finding(Problem.TRUNCATED, walked.links + 1)
    elif walked.beyond:
        yield Finding(Problem.UNSIGNED_LINKS, head.position + 1)
    elif walked.digest != head.digest:
        yield Finding(Problem.FORKED, head.position)


def _check_anchor(
    connection: Connection, anchors: Anchors, tenant_id: uuid.UUID
) -> Iterator[Finding]:
    """The database notes what was anchored after it was, so its note is never ahead."""
    noted = connection.execute(_ANCHORED, {"tenant": tenant_id}).scalar() or 0
    if noted > _anchored_position(anchors, tenant_id):
        yield Finding(Problem.ANCHOR_LOST, noted)


def _check_marks(connection: Connection, tenant_id: uuid.UUID) -> Iterator[Finding]:
    for statement, problem in (
        (_UNCHAINED, Problem.UNCHAINED_EVENT),
        (_STRAY, Problem.STRAY_MARK),
    ):
        found = connection.execute(statement, {"tenant": tenant_id}).scalar()
        if found is not None:
            yield Finding(problem, event_id=found)


def _check_patience(seconds: float, patience: float) -> Iterator[Finding]:
    if seconds > patience:
        yield Finding(Problem.PENDING_TOO_LONG)


def _waiting(connection: Connection, tenant_id: uuid.UUID) -> tuple[int, float]:
    row = connection.execute(_WAITING, {"tenant": tenant_id}).one()
    if row.oldest is None:
        return row.pending, 0.0
    return row.pending, max(0.0, (database_now(connection) - row.oldest).total_seconds())


_TENANTS = text(
    "SELECT tenant_id FROM ledger_heads UNION SELECT DISTINCT tenant_id FROM ledger_links "
    "UNION SELECT DISTINCT tenant_id FROM ledger_events "
    "UNION SELECT DISTINCT tenant_id FROM ledger_pending"
)

_HEAD = text(
    "SELECT tenant_id, position, digest, signed_at, signature FROM ledger_heads "
    "WHERE tenant_id = :tenant"
)

_ANCHORED = text("SELECT anchored FROM ledger_heads WHERE tenant_id = :tenant")

_WAITING = text(
    "SELECT count(*) AS pending, min(e.at) AS oldest FROM ledger_pending p "
    "LEFT JOIN ledger_events e ON e.tenant_id = p.tenant_id AND e.id = p.event_id "
    "WHERE p.tenant_id = :tenant"
)

_UNCHAINED = text(
    """
    SELECT e.id FROM ledger_events e WHERE e.tenant_id = :tenant
    AND NOT EXISTS (SELECT FROM ledger_links l
        WHERE l.tenant_id = :tenant AND l.event_id = e.id)
    AND NOT EXISTS (SELECT FROM ledger_pending p
        WHERE p.tenant_id = :tenant AND p.event_id = e.id)
    LIMIT 1
    """
)

_STRAY = text(
    """
    SELECT p.event_id FROM ledger_pending p WHERE p.tenant_id = :tenant
    AND (NOT EXISTS (SELECT FROM ledger_events e
            WHERE e.tenant_id = :tenant AND e.id = p.event_id)
        OR EXISTS (SELECT FROM ledger_links l
            WHERE l.tenant_id = :tenant AND l.event_id = p.event_id))
    LIMIT 1
    """
)
