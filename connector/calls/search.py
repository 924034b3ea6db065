"""Find calls by number, user or time, without a number ever reaching the database."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from connector.calls.cursors import Cursor, read_cursor, write_cursor
from connector.calls.keeping import call_keys, kept_days
from connector.calls.pages import START, Rows, rows_by_number, rows_by_user, rows_of_days
from connector.calls.queries import Query
from connector.calls.said import say_search
from connector.calls.views import CallView, open_rows
from connector.calls.withheld import withhold_calls
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid
from privacy.vault.keyring import Keyring
from privacy.vault.keys import DayKey
from privacy.vault.labels import Index

MOST: Final = 500
"""Calls on one page."""

Keys = Mapping[date, DayKey]


@dataclass(frozen=True, slots=True)
class CallPage:
    """Calls, the latest first (by quarter of an hour), and where to go on; None at the end."""

    calls: list[CallView]
    next_cursor: str | None


def search_calls(
    work: UnitOfWork,
    *,
    vault: Keyring,
    query: Query,
    cursor: str | None = None,
    limit: int = 100,
) -> CallPage:
    """One page of the calls that match; said in the ledger.

    Raises:
        Invalid: the query, the limit or the cursor is not usable.
        OpenError: a stored call was changed outside the service.
    """
    query.check()
    if not 1 <= limit <= MOST:
        raise Invalid(fields={"limit": f"Ask for 1 to {MOST} calls at a time."})
    kept = kept_days(work)
    keys = call_keys(work, vault, kept, first=query.first_day, last=query.last_day)
    after = read_cursor(cursor) if cursor else START
    found: list[CallView] = []
    for rows in _batches(work, keys, query, after, limit + 1):
        found += [view for view in open_rows(work, keys, kept, rows) if query.matches(view.record)]
        if len(found) > limit:
            break
    page = _page(found, limit)
    say_search(work, vault, query, found=len(page.calls))
    return replace(page, calls=withhold_calls(work, vault, page.calls, use=query.use))


def _batches(
    work: UnitOfWork, keys: Keys, query: Query, after: Cursor, size: int
) -> Iterator[Rows]:
    """Rows that may match, in order; a batch can open to less than was asked for."""
    while keys:
        rows = _rows(work, keys, query, after, size)
        yield rows
        if len(rows) < size:
            return
        after = Cursor(rows[-1].day, rows[-1].slot, rows[-1].id)


def _rows(work: UnitOfWork, keys: Keys, query: Query, after: Cursor, size: int) -> Rows:
    if query.identity is not None:
        return rows_by_number(work, _tokens(keys, Index.NUMBER, query.identity), after, size)
    if query.user_id is not None:
        return rows_by_user(work, _tokens(keys, Index.USER, query.user_id), after, size)
    return rows_of_days(work, {day: query.slots_of(day) for day in keys}, after, size)


def _tokens(keys: Keys, kind: Index, text: str) -> dict[date, int]:
    message = text.encode("utf-8", "surrogatepass")
    return {day: key.index(kind).token(message) for day, key in keys.items()}


def _page(found: list[CallView], limit: int) -> CallPage:
    shown = found[:limit]
    more = len(found) > limit
    last = shown[-1] if more else None
    cursor = write_cursor(Cursor(last.day, last.slot, last.id)) if last else None
    return CallPage(sorted(shown, key=_latest_first), cursor)


def _latest_first(view: CallView) -> tuple[int, float]:
    return -view.day.toordinal(), -view.record.started_at.timestamp()
