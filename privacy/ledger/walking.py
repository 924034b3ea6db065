"""Walk a chain from its first link, beside the heads that were anchored on the way."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, text

from privacy.ledger.encoding import Head, StoredEvent, event_digest, genesis, link_digest
from privacy.ledger.findings import Finding, Problem
from privacy.ledger.signing import Identity

_BATCH = 1_000


@dataclass(slots=True)
class Walk:
    """How far the chain was walked, where it stands, and what was wrong."""

    digest: bytes
    links: int = 0
    beyond: bool = False
    broken: bool = False
    findings: list[Finding] = field(default_factory=list)


def walk(
    connection: Connection,
    identity: Identity,
    tenant_id: uuid.UUID,
    *,
    anchors: Iterator[Head],
    head: Head | None,
) -> Walk:
    """Recompute every link up to `head`; stop at the first that does not hold."""
    state = Walk(genesis(identity.origin, tenant_id))
    milestones = _Milestones(identity, anchors, state)
    rows = connection.execute(
        _LINKS,
        {"tenant": tenant_id},
        execution_options={"stream_results": True, "yield_per": _BATCH},
    )
    with rows:
        for row in rows:
            if head is not None and row.position > head.position:
                state.beyond = True
                break
            problem = _check(identity.origin, tenant_id, row, state)
            if problem is not None:
                problem = _refine(connection, tenant_id, row, problem)
                position = state.links + 1 if problem is Problem.MISSING_LINK else row.position
                event_id = None if problem is Problem.MISSING_LINK else row.event_id
                state.findings.append(Finding(problem, position, event_id))
                state.broken = True
                return state
            state.links, state.digest = row.position, row.digest
            if not milestones.passed(row.position, row.digest):
                break
    milestones.end()
    return state


def _check(origin: bytes, tenant_id: uuid.UUID, row: Row[Any], state: Walk) -> Problem | None:
    if row.position != state.links + 1:
        return Problem.MISSING_LINK
    if row.id is None:
        return Problem.DELETED_EVENT
    event = _event(tenant_id, row)
    if event_digest(origin, event) != row.event_digest:
        return Problem.EDITED_EVENT
    if row.previous != state.digest:
        return Problem.WRONG_PREVIOUS
    if row.digest != link_digest(origin, tenant_id, row.position, row.event_digest, row.previous):
        return Problem.EDITED_LINK
    return None


def _event(tenant_id: uuid.UUID, row: Row[Any]) -> StoredEvent:
    return StoredEvent(
        tenant_id,
        row.id,
        row.at,
        row.event,
        row.actor_kind,
        row.actor_id,
        row.subject,
        row.facts,
        row.commitment,
    )


def _refine(
    connection: Connection, tenant_id: uuid.UUID, row: Row[Any], problem: Problem
) -> Problem:
    """A link that continues another link of the same chain was moved from there."""
    if problem is not Problem.WRONG_PREVIOUS:
        return problem
    moved = connection.execute(_ELSEWHERE, {"tenant": tenant_id, "previous": row.previous})
    return Problem.REORDERED if moved.scalar() else problem


class _Milestones:
    """Anchored heads, met on the way in their order."""

    def __init__(self, identity: Identity, heads: Iterator[Head], state: Walk) -> None:
        self._identity = identity
        self._heads = heads
        self._state = state
        self._forged = False
        self._next = self._advance()
        self.passed(0, state.digest)  # a chain that began anew (see encoding.Head)

    def passed(self, position: int, digest: bytes) -> bool:
        """Compare what was anchored at `position`; False when the chain is another."""
        while self._next is not None and self._next.position <= position:
            if self._next.position == position and self._next.digest != digest:
                self._find(Problem.FORKED, position)
                return False
            self._next = self._advance()
        return True

    def end(self) -> None:
        """No link is left: a head that was anchored further on was cut off."""
        if self._next is not None and not self._state.broken:
            self._find(Problem.TRUNCATED, self._state.links + 1)

    def _advance(self) -> Head | None:
        for head in self._heads:
            if self._identity.signed(head):
                return head
            if not self._forged:
                self._find(Problem.BAD_ANCHOR, head.position)
            self._forged = True
        return None

    def _find(self, problem: Problem, position: int) -> None:
        self._state.findings.append(Finding(problem, position))
        self._state.broken = self._state.broken or problem is not Problem.BAD_ANCHOR


_LINKS = text(
    """
    SELECT l.position, l.event_id, l.event_digest, l.previous, l.digest,
        e.id, e.at, e.event, e.actor_kind, e.actor_id, e.subject, e.facts, e.commitment
    FROM ledger_links l
    LEFT JOIN ledger_events e ON e.tenant_id = l.tenant_id AND e.id = l.event_id
    WHERE l.tenant_id = :tenant ORDER BY l.position
    """
)

_ELSEWHERE = text(
    "SELECT true FROM ledger_links WHERE tenant_id = :tenant AND digest = :previous LIMIT 1"
)
