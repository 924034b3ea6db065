"""What is looked for among calls."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property

from connector.calls.numbers import DEFAULT_REGION, canonical, identity_of
from connector.calls.shapes import CallRecord
from privacy.core.errors import Invalid
from privacy.suppressions.uses import Use

_LAST_SLOT = 95


@dataclass(frozen=True)
class Query:
    """Every part that is given must match.

    Args:
        number: in any spelling; national ones are read as of `region`. Either side may have it.
        since, until: bounds of the start, aware; `until` is not included.
        use: what for; calls of people who objected to that are not among those that are found.
    """

    number: str | None = None
    user_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    region: str = DEFAULT_REGION
    use: Use = Use.DELIVERY

    @cached_property
    def identity(self) -> str | None:
        """The number in its one form; None where none is looked for."""
        return identity_of(canonical(self.number, self.region)) if self.number else None

    @property
    def only_time(self) -> bool:
        """Whether each call within the bounds matches."""
        return self.number is None and self.user_id is None

    @property
    def first_day(self) -> date:
        """The first UTC day that can hold a match."""
        return self.since.astimezone(UTC).date() if self.since else date.min

    @property
    def last_day(self) -> date:
        """The last UTC day that can hold a match."""
        return self.until.astimezone(UTC).date() if self.until else date.max

    def slots_of(self, day: date) -> tuple[int, int]:
        """The quarters of an hour of `day` that can hold a match, first and last."""
        first = _slot(self.since) if self.since and day == self.first_day else 0
        last = _slot(self.until) if self.until and day == self.last_day else _LAST_SLOT
        return first, last

    def matches(self, record: CallRecord) -> bool:
        """Whether an opened call is really meant: tokens are truncated, and can collide."""
        if self.identity is not None and self.identity not in (record.caller, record.called):
            return False
        if self.user_id is not None and record.user_id != self.user_id:
            return False
        start = record.started_at
        return not (self.since and start < self.since) and not (self.until and start >= self.until)

    def check(self) -> None:
        """Raise Invalid where nothing can be found by it, and say what to do."""
        if self.number is not None and self.identity is None:
            problem = "A withheld number stands for nobody. Search by user or time instead."
            raise Invalid(problem, fields={"number": problem})
        if self.since and self.until and self.since >= self.until:
            raise Invalid(fields={"until": "The end must come after the beginning."})


def _slot(moment: datetime) -> int:
    utc = moment.astimezone(UTC)
    return utc.hour * 4 + utc.minute // 15
