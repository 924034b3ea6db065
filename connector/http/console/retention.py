"""How the end of a day is said."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from connector.calls.keeping import KeptDays
from connector.http.console.wording import plural


@dataclass(frozen=True, slots=True)
class Ending:
    """A day of calls and the moment at which its key goes."""

    day: date
    calls: int
    at: datetime
    in_words: str


def ending_of(day: date, calls: int, kept: KeptDays, *, now: datetime) -> Ending:
    """When `calls` calls of `day` are destroyed."""
    at = kept.ends(day)
    return Ending(day, calls, at, in_words(at, now=now))


def in_words(at: datetime, *, now: datetime) -> str:
    """`tonight`, `in 3 days`; days by the calendar, in UTC."""
    left = (last_day_before(at) - now.date()).days
    if left <= 0:
        return "tonight"
    return f"in {plural(left, 'day', 'days')}"


def last_day_before(at: datetime) -> date:
    """The last day that is wholly kept when the end is `at`."""
    return (at - timedelta(microseconds=1)).date()
