"""What verification can find, in plain words."""

import uuid
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Self


class Problem(StrEnum):
    """Each way in which a ledger can be wrong."""

    EDITED_EVENT = "edited_event"
    DELETED_EVENT = "deleted_event"
    EDITED_LINK = "edited_link"
    MISSING_LINK = "missing_link"
    REORDERED = "reordered"
    WRONG_PREVIOUS = "wrong_previous"
    BAD_SIGNATURE = "bad_signature"
    MISSING_HEAD = "missing_head"
    UNSIGNED_LINKS = "unsigned_links"
    TRUNCATED = "truncated"
    FORKED = "forked"
    BAD_ANCHOR = "bad_anchor"
    ANCHOR_LOST = "anchor_lost"
    UNCHAINED_EVENT = "unchained_event"
    STRAY_MARK = "stray_mark"
    PENDING_TOO_LONG = "pending_too_long"
    ROLLED_BACK = "rolled_back"


_WORDS = {
    Problem.EDITED_EVENT: "the event is not the one that was chained",
    Problem.DELETED_EVENT: "the event is gone",
    Problem.EDITED_LINK: "the link was changed",
    Problem.MISSING_LINK: "the link is gone",
    Problem.REORDERED: "the link belongs to another place in the chain",
    Problem.WRONG_PREVIOUS: "the link does not continue the one before it",
    Problem.BAD_SIGNATURE: "the head was not signed by this installation for this chain",
    Problem.MISSING_HEAD: "the chain has no signed head",
    Problem.UNSIGNED_LINKS: "there are links behind the signed head",
    Problem.TRUNCATED: "the chain ends before a head that was signed",
    Problem.FORKED: "the chain is another than the one that was anchored",
    Problem.BAD_ANCHOR: "an anchored head was not signed by this installation",
    Problem.ANCHOR_LOST: "the anchors lack a head that they once held",
    Problem.UNCHAINED_EVENT: "an event is neither chained nor waiting to be",
    Problem.STRAY_MARK: "a waiting mark has no event, or one that is chained already",
    Problem.PENDING_TOO_LONG: "events wait too long: is the sequencer running?",
    Problem.ROLLED_BACK: "a row was put back to an older version than this event says",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, and where: a place in the chain, an event, or both."""

    problem: Problem
    position: int | None = None
    event_id: uuid.UUID | None = None

    @property
    def message(self) -> str:
        """In plain words."""
        return _WORDS[self.problem]


@dataclass(frozen=True, slots=True)
class Report:
    """One tenant's ledger, verified. `findings` has the first broken link first."""

    tenant_id: uuid.UUID
    links: int
    head_position: int
    head_signed_at: datetime | None
    anchored_position: int
    pending: int
    oldest_pending_seconds: float
    findings: tuple[Finding, ...] = field(default=())

    @property
    def intact(self) -> bool:
        """Nothing is wrong."""
        return not self.findings

    @property
    def first(self) -> Finding | None:
        """What to look at first."""
        return self.findings[0] if self.findings else None

    def including(self, findings: Iterable[Finding]) -> Self:
        """The same report with more findings behind its own."""
        return replace(self, findings=(*self.findings, *findings))

    def as_dict(self) -> dict[str, object]:
        """For `--json`: ids as text, moments in ISO 8601."""
        fields = asdict(self) | {"tenant_id": str(self.tenant_id), "intact": self.intact}
        fields["head_signed_at"] = self.head_signed_at and self.head_signed_at.isoformat()
        fields["findings"] = [
            {
                "problem": found.problem.value,
                "position": found.position,
                "event_id": str(found.event_id) if found.event_id else None,
                "message": found.message,
            }
            for found in self.findings
        ]
        return fields
