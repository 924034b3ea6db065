"""GET /api/v1/usage: calls per day, account and direction. Counts that identify nobody."""

import uuid
from datetime import date, timedelta
from typing import Annotated, Final

import msgspec
from flask import Response
from msgspec import Meta

from connector.calls.shapes import Direction
from connector.calls.tallies import calls_per_day
from connector.http.api import examples
from connector.http.api.answers import answer
from connector.http.api.inputs import read_query
from connector.http.api.operations import Operation, describes
from privacy.core.errors import Invalid
from tenants.http.access import requires
from tenants.http.services import work_of_caller
from tenants.permissions import Permission

LONGEST: Final = 400
DEFAULT: Final = 30

_Since = Annotated[date, Meta(description="First UTC day; 29 days before `until` by default.")]
_Until = Annotated[date, Meta(description="Last UTC day, included; today by default.")]


class UsageQuery(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Which days: at most 400."""

    since: _Since | None = None
    until: _Until | None = None


class Tally(msgspec.Struct, frozen=True):
    """Calls of one day, account and direction. `seconds` is time spoken."""

    day: date
    account: uuid.UUID
    direction: Direction
    calls: int
    seconds: int


class Usage(msgspec.Struct, frozen=True):
    """Counts from `since` to `until`, both included; days without calls are left out."""

    since: date
    until: date
    tallies: list[Tally]


@requires(Permission.STATISTICS_READ)
@describes(
    Operation(
        id="readUsage",
        summary="Count calls",
        description=(
            "Calls and seconds spoken for each UTC day, account and direction. These counts are "
            "kept apart from the records and outlive them."
        ),
        tag="usage",
        query=UsageQuery,
        answer=Usage,
        example={"since": "2026-11-01", "until": "2026-11-22", "tallies": [examples.TALLY]},
        problems=(Invalid,),
        mode=True,
    )
)
def read_usage() -> Response:
    """The tenant's counts."""
    query = read_query(UsageQuery)
    with work_of_caller() as work:
        since, until = _span(query, work.today)
        rows = calls_per_day(work, since=since, until=until)
    return answer(Usage(since, until, [_tally(*row) for row in rows]))


def _span(query: UsageQuery, today: date) -> tuple[date, date]:
    until = query.until or today
    earliest = max(date.min.toordinal(), until.toordinal() - DEFAULT + 1)
    since = query.since or date.fromordinal(earliest)
    if since > until:
        raise Invalid(fields={"/since": "The first day is after the last one."})
    if until - since > timedelta(days=LONGEST):
        raise Invalid(fields={"/since": f"Ask for at most {LONGEST} days at a time."})
    return since, until


def _tally(day: date, account: uuid.UUID, direction: str, calls: int, seconds: int) -> Tally:
    return Tally(day, account, msgspec.convert(direction, Direction), calls, seconds)
