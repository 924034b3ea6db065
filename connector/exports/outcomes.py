"""What became of what an archive holds, by table."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Fate(StrEnum):
    """Of one row.

    `erased`: it was erased here, or is about somebody who was. `suppressed`: its person said
    something later than the archive. `orphaned`: what it belongs to was not brought in.
    `taken`: something else has its place here already. `expired`: its day is over.
    """

    CREATED = "created"
    UNCHANGED = "unchanged"
    ERASED = "erased"
    SUPPRESSED = "suppressed"
    ORPHANED = "orphaned"
    TAKEN = "taken"
    EXPIRED = "expired"
    EVIDENCE = "evidence"
    """Read by people; it stays in the archive."""


@dataclass
class Outcome:
    """Counts by table and fate, and the days that were over."""

    counts: dict[str, Counter[Fate]] = field(default_factory=dict)
    expired_days: list[date] = field(default_factory=list)

    def add(self, table: str, fate: Fate, count: int = 1) -> None:
        """So many rows of `table` came to this."""
        if count:
            self.counts.setdefault(table, Counter())[fate] += count

    def total(self, fate: Fate) -> int:
        """Over all tables."""
        return sum(one[fate] for one in self.counts.values())
