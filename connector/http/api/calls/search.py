"""POST /api/v1/calls/search: calls by number, user and time. The number is never in a URL."""

from typing import Annotated, Final

import msgspec
from flask import Response
from msgspec import Meta

from connector.calls.numbers import DEFAULT_REGION
from connector.calls.queries import Query
from connector.calls.search import search_calls
from connector.http.api import examples
from connector.http.api.answers import answer
from connector.http.api.calls.shapes import Call, call_of
from connector.http.api.calls.wanted import Number, Purpose, Region, Since, Until, User, check_years
from connector.http.api.inputs import JSON, read_json
from connector.http.api.operations import Body, Operation, describes
from connector.http.showing import as_shown
from privacy.suppressions.uses import Use
from tenants.http.access import requires
from tenants.http.callers import caller
from tenants.http.services import services, work_of_caller
from tenants.permissions import Permission
from tenants.principals import Mode

LIMIT: Final = 100

_Cursor = Annotated[
    str,
    Meta(min_length=1, max_length=1000, description="next_cursor of the page before, unchanged."),
]
_Limit = Annotated[int, Meta(ge=1, le=500, description="The most that a page holds.")]


class CallSearch(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What is looked for; everything that is given must hold. Newest first."""

    number: Number | None = None
    user_id: User | None = None
    since: Since | None = None
    until: Until | None = None
    cursor: _Cursor | None = None
    limit: _Limit = LIMIT
    region: Region = DEFAULT_REGION
    purpose: Purpose = Use.DELIVERY


class FoundCalls(msgspec.Struct, frozen=True):
    """A page of calls. Without `next_cursor` it is the last one; a page may be short before."""

    calls: list[Call]
    next_cursor: str | None


@requires(Permission.CALLS_SEARCH)
@describes(
    Operation(
        id="searchCalls",
        summary="Search calls",
        description=(
            "By number (either side), user and time range. A search changes nothing; it is a POST "
            "so that the number is in the body, where no log keeps it. Repeat it with the cursor "
            "of the answer for the next page; what was stored meanwhile neither repeats nor hides "
            "a call. With the scope contacts:read, calls that came without names get them from "
            "your contacts."
        ),
        tag="calls",
        body=Body(
            kinds={JSON: CallSearch},
            examples={JSON: {"number": "+1 202-555-0143", "since": "2026-11-01T00:00:00Z"}},
            description="What is looked for.",
        ),
        answer=FoundCalls,
        example={"calls": [examples.STORED_CALL], "next_cursor": None},
        mode=True,
    )
)
def post_search() -> Response:
    """The calls that were asked for."""
    wanted = read_json(CallSearch)
    check_years(since=wanted.since, until=wanted.until)
    query = Query(
        number=wanted.number,
        user_id=wanted.user_id,
        since=wanted.since,
        until=wanted.until,
        region=wanted.region,
        use=wanted.purpose,
    )
    # Test keys lie about in scripts and logs of builds: they open nobody's calls.
    if caller().mode is Mode.TEST:
        query.check()
        return answer(FoundCalls([], None))
    with work_of_caller() as work:
        page = search_calls(
            work,
            vault=services().vault,
            query=query,
            cursor=wanted.cursor,
            limit=wanted.limit,
        )
        named = as_shown(work, page.calls)
    return answer(FoundCalls([call_of(view) for view in named], page.next_cursor))
