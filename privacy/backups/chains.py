"""The ledger after a restoration: it has to be a beginning of what was anchored, and goes on.

Events since the archive are lost, and the anchors know that there were some. A signed restart
tells so for good (see privacy.ledger.encoding.Head); without one verification would cry forever,
and with an unsigned one nobody could trust it.
"""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Engine, text

from privacy.backups.errors import RestoreFailed
from privacy.core import clock
from privacy.ledger.anchors import Anchors
from privacy.ledger.encoding import Head, genesis
from privacy.ledger.findings import Problem
from privacy.ledger.journal_marks import JournalMark, Marks
from privacy.ledger.signing import Identity, Signer
from privacy.ledger.verify import verify_all

_HEADS = text("SELECT tenant_id, position, digest, signed_at, signature FROM ledger_heads")
_ADVICE = {
    Problem.ANCHOR_LOST: " The anchors are older than the archive: bring the newest copy of "
    "the anchor folder, then run `silta restore --finish`."
}
_TOLERABLE = frozenset({Problem.PENDING_TOO_LONG})
"""What waited at the snapshot is chained when the scheduler runs again."""


def restart_chains(
    sequencer: Engine, app: Engine | None, anchors: Anchors, signer: Signer, archive: uuid.UUID
) -> int:
    """Verify every restored chain up to its head, then anchor restarts where one goes on.

    Returns:
        How many chains lost events. Harmless when repeated.

    Raises:
        RestoreFailed: a chain is not a beginning of what was anchored.
    """
    heads = _heads(sequencer)
    check_beginnings(sequencer, app, anchors, signer.identity)
    behind = [one.tenant_id for one in chains_behind(sequencer, anchors)]
    anchors.restart([_restart(signer, heads.get(one), one, archive) for one in behind])
    return len(behind)


@dataclass(frozen=True, slots=True)
class Behind:
    """A chain that ends before a head that was anchored; position 0 where nothing of it is left."""

    tenant_id: uuid.UUID
    position: int
    anchored: int

    @property
    def lost(self) -> int:
        """How many events are lost."""
        return self.anchored - self.position


def chains_behind(sequencer: Engine, anchors: Anchors) -> list[Behind]:
    """Every chain that is shorter than its anchors say."""
    heads, found = _heads(sequencer), list[Behind]()
    for tenant in sorted(anchors.tenants()):
        head, anchored = heads.get(tenant), anchors.latest(tenant)
        position = head.position if head else 0
        if anchored is not None and anchored.position > position:
            found.append(Behind(tenant, position, anchored.position))
    return found


def check_beginnings(
    sequencer: Engine, app: Engine | None, anchors: Anchors, identity: Identity
) -> int:
    """Whether every chain is a beginning of what was anchored. Returns how many links there are.

    Raises:
        RestoreFailed: one is not.
    """
    links = 0
    for report in verify_all(sequencer, identity, _Until(anchors, _heads(sequencer)), app=app):
        wrong = [found for found in report.findings if found.problem not in _TOLERABLE]
        if wrong:
            problem = wrong[0].problem
            raise RestoreFailed(
                f"The ledger of {report.tenant_id} does not verify ({problem.value}). The "
                f"database does not open for the service.{_ADVICE.get(problem, '')}"
            )
        links += report.links
    return links


def _heads(sequencer: Engine) -> dict[uuid.UUID, Head]:
    with sequencer.connect() as connection:
        return {row.tenant_id: Head(*row) for row in connection.execute(_HEADS)}


def _restart(signer: Signer, head: Head | None, tenant: uuid.UUID, archive: uuid.UUID) -> Head:
    position = head.position if head else 0
    digest = head.digest if head else genesis(signer.identity.origin, tenant)
    made = Head(tenant, position, digest, clock.now(), archive=archive)
    return replace(made, signature=signer.sign(made))


class _Until:
    """The anchors as they were when the archive was made: nothing beyond a chain's own head."""

    def __init__(self, anchors: Anchors, heads: dict[uuid.UUID, Head]) -> None:
        self._anchors = anchors
        self._ends = {tenant: head.position for tenant, head in heads.items()}

    def latest(self, tenant_id: uuid.UUID) -> Head | None:
        """See Anchors."""
        return max(self.history(tenant_id), key=lambda head: head.position, default=None)

    def history(self, tenant_id: uuid.UUID) -> Iterator[Head]:
        """See Anchors."""
        end = self._ends.get(tenant_id, 0)
        return (head for head in self._anchors.history(tenant_id) if head.position <= end)

    def tenants(self) -> set[uuid.UUID]:
        """See Anchors."""
        return set(self._ends)

    def append(self, heads: Sequence[Head]) -> list[Head]:
        """Nothing is kept here."""
        return list(heads)

    def restart(self, heads: Sequence[Head]) -> None:
        """Nothing is kept here."""

    def mark(self, marks: Sequence[JournalMark]) -> None:
        """Nothing is kept here."""

    def marked(self) -> Marks:
        """See Anchors."""
        return self._anchors.marked()
