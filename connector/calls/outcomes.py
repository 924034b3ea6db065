"""What became of calls that were sent."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from connector.calls.rejections import Rejection


@dataclass(frozen=True, slots=True)
class IngestOutcome:
    """Counts of a batch; every record is in exactly one of them.

    `expired` records are older than the retention: counted, not stored, and no reason for the
    sender to send them again.
    """

    accepted: int = 0
    duplicates: int = 0
    expired: int = 0
    rejections: list[Rejection] = field(default_factory=list)

    @property
    def proven(self) -> bool:
        """Whether any record was a call that could be stored, now or once."""
        return bool(self.accepted or self.duplicates or self.expired)

    @classmethod
    def total(cls, parts: "Iterable[IngestOutcome]") -> "IngestOutcome":
        """The sum of several, rejections in the order of their index."""
        known = list(parts)
        rejections = sorted(
            (rejection for part in known for rejection in part.rejections),
            key=lambda rejection: rejection.index,
        )
        return cls(
            accepted=sum(part.accepted for part in known),
            duplicates=sum(part.duplicates for part in known),
            expired=sum(part.expired for part in known),
            rejections=rejections,
        )
