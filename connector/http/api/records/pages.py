"""Pages of records: what every list takes, and how it is read."""

from datetime import datetime
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta

from connector.http.api.calls.wanted import Purpose, check_years
from connector.http.api.inputs import read_query
from connector.synced.read import Listing, RecordPage, list_records, view_record
from connector.synced.shelves import S, Shelf
from connector.synced.views import RecordView
from privacy.core.errors import NotFound
from privacy.suppressions.uses import Use
from tenants.http.callers import caller
from tenants.http.services import services, work_of_caller
from tenants.principals import Mode

IN_ORDER: Final = (
    "The oldest change first: keep the last `changed_at` and ask with `changed_since` for what "
    "has changed from then on. What changes while you read comes once more, at the end; what is "
    "erased is not told."
)

_Cursor = Annotated[
    str,
    Meta(min_length=1, max_length=200, description="next_cursor of the page before, unchanged."),
]
_Limit = Annotated[int, Meta(ge=1, le=500, description="The most that a page holds.")]
_Since = Annotated[
    datetime, Meta(tz=True, description="Only what was stored or changed then or later.")
]
_Held = Annotated[
    bool, Meta(description="Those that are kept for the law alone, instead of those in use.")
]


class PageQuery(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Which page."""

    cursor: _Cursor | None = None
    limit: _Limit = 100
    changed_since: _Since | None = None


class HeldPageQuery(PageQuery, forbid_unknown_fields=True, kw_only=True):
    """Which page, of what."""

    held: _Held = False


class PurposePageQuery(PageQuery, forbid_unknown_fields=True, kw_only=True):
    """Which page, and what for."""

    purpose: Purpose = Use.DELIVERY


def read_page(shelf: Shelf[S], query: type[PageQuery] = PageQuery) -> RecordPage[S]:
    """The page that the request asks for. A test key finds nothing."""
    wanted: Any = read_query(query)
    check_years(changed_since=wanted.changed_since)
    listing = Listing(
        cursor=wanted.cursor,
        limit=wanted.limit,
        changed_since=wanted.changed_since,
        held=getattr(wanted, "held", False),
        use=getattr(wanted, "purpose", Use.DELIVERY),
    )
    if caller().mode is Mode.TEST:
        return RecordPage([], None)
    with work_of_caller() as work:
        return list_records(work, vault=services().vault, shelf=shelf, listing=listing)


def read_one(shelf: Shelf[S], record_id: Any) -> RecordView[S]:
    """One record. Raises NotFound; for a test key always."""
    if caller().mode is Mode.TEST:
        raise NotFound
    with work_of_caller() as work:
        return view_record(work, vault=services().vault, shelf=shelf, record_id=record_id)
