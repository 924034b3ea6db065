"""Search calls, look through a day, read one. A number is posted and never part of an address."""

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from flask import Blueprint, render_template, request, url_for

from connector.accounts.find import find_account
from connector.calls.keeping import KeptDays, kept_days
from connector.calls.queries import Query
from connector.calls.search import CallPage, search_calls
from connector.calls.tallies import calls_per_day
from connector.calls.view import view_call
from connector.http.console.calls.facts import facts_of, lines_of
from connector.http.console.calls.forms import SearchForm
from connector.http.console.purposes import purpose_of
from connector.http.console.retention import Ending, ending_of, in_words
from connector.http.showing import as_shown
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid, NotFound
from tenants.http.access import requires
from tenants.http.callers import caller
from tenants.http.services import services, work_of_caller
from tenants.permissions import Permission, allows

calls = Blueprint("calls", __name__, url_prefix="/calls")
PAGE = 50
AHEAD = timedelta(days=1)
"""A sender's clock may be ahead, and its calls are a day's then."""


@calls.route("", methods=["GET", "POST"])
@requires(Permission.CALLS_SEARCH)
def search() -> str | tuple[str, int]:
    """Search by number, and the days that are kept."""
    form = SearchForm.posted()
    page, status = None, 200
    with work_of_caller() as work:
        days = days_of(work)
        if form.accepts():
            try:
                page = _search(work, form)
            except Invalid as refusal:
                form.blame(refusal)
                status = int(refusal.status)
    return search_page(form, page, days), status


@calls.get("/day/<day>")
@requires(Permission.CALLS_SEARCH)
def day(day: str) -> str:
    """The calls of a day, newest first."""
    the_day = _date(day)
    with work_of_caller() as work:
        kept = kept_days(work)
        if not kept.oldest <= the_day <= kept.today + AHEAD:
            raise NotFound
        page = search_calls(
            work,
            vault=services().vault,
            query=_whole_day(the_day),
            cursor=request.args.get("after"),
            limit=PAGE,
        )
        page = replace(page, calls=as_shown(work, page.calls))
        now = work.now
    return _day_page(the_day, page, kept, now)


@calls.get("/<uuid:call_id>")
@requires(Permission.CALLS_READ)
def show(call_id: uuid.UUID) -> str:
    """One call, with the moment at which it ends."""
    with work_of_caller() as work:
        called = view_call(work, vault=services().vault, call_id=call_id)
        [view] = as_shown(work, [called])
        name = _account_name(work, view.account_id)
        now = work.now
    return render_template(
        "calls/show.html",
        call=facts_of(view),
        facts=lines_of(view, name),
        ends_at=view.destroyed_at,
        in_words=in_words(view.destroyed_at, now=now),
    )


def search_page(form: SearchForm, page: CallPage | None, days: list[Ending]) -> str:
    """The page that searches, with what was found on it."""
    return render_template(
        "calls/search.html",
        form=form,
        found=None if page is None else [facts_of(view) for view in page.calls],
        more=page.next_cursor if page else None,
        days=days,
        may_export=allows(caller(), Permission.CALLS_EXPORT),
    )


def wanted(form: SearchForm) -> Query:
    """What the form's fields mean; its days are whole ones (UTC). Raises Invalid."""
    return Query(
        number=form.number.data or None,
        since=_midnight(form.since.data),
        until=_midnight(form.until.data, plus=1),
        use=purpose_of(form.purpose.data),
    )


def _search(work: UnitOfWork, form: SearchForm) -> CallPage:
    page = search_calls(
        work,
        vault=services().vault,
        query=wanted(form),
        cursor=form.cursor.data or None,
        limit=PAGE,
    )
    return replace(page, calls=as_shown(work, page.calls))


def _day_page(the_day: date, page: CallPage, kept: KeptDays, now: datetime) -> str:
    ends = kept.ends(the_day)
    address = url_for("calls.day", day=the_day.isoformat())
    more = page.next_cursor
    return render_template(
        "calls/day.html",
        the_day=the_day,
        calls=[facts_of(view) for view in page.calls],
        ends_at=ends,
        in_words=in_words(ends, now=now),
        older=url_for("calls.day", day=the_day.isoformat(), after=more) if more else None,
        newer=address if request.args.get("after") else None,
    )


def days_of(work: UnitOfWork) -> list[Ending]:
    """The days that hold calls, newest first, and when each ends."""
    kept = kept_days(work)
    counted: dict[date, int] = {}
    until = kept.today + timedelta(days=1)
    for day_, _account, _way, number, _seconds in calls_per_day(
        work, since=kept.oldest, until=until
    ):
        counted[day_] = counted.get(day_, 0) + number
    return [ending_of(d, counted[d], kept, now=work.now) for d in sorted(counted, reverse=True)]


def _account_name(work: UnitOfWork, account_id: uuid.UUID) -> str:
    try:
        return find_account(work, account_id).name
    except NotFound:
        return "a system that is disconnected since"


def _whole_day(day_: date) -> Query:
    return Query(since=_midnight(day_), until=_midnight(day_, plus=1))


def _midnight(day_: date | None, *, plus: int = 0) -> datetime | None:
    if day_ is None:
        return None
    try:
        return datetime.combine(day_ + timedelta(days=plus), time(), UTC)
    except OverflowError:
        raise Invalid("Choose a day of this century.") from None


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotFound from None
