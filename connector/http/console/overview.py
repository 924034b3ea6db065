"""The first page: what came in, what ends next, how the connections stand."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from connector.accounts.find import list_accounts
from connector.calls.keeping import KeptDays, kept_days
from connector.calls.tallies import calls_per_day
from connector.http.console.accounts.facts import AccountFacts, facts_of
from connector.http.console.charts import Day, bar_chart
from connector.http.console.retention import Ending, ending_of
from connector.http.console.samples import first_call
from connector.syncs.last_read import last_reads
from privacy.core.db.work import UnitOfWork
from tenants.api_keys.list import has_keys
from tenants.http.access import requires
from tenants.http.callers import caller
from tenants.http.services import services, work_of_caller
from tenants.permissions import Permission, Role, allows

overview = Blueprint("overview", __name__, url_prefix="/overview")
SHOWN_ENDINGS = 5


@dataclass(frozen=True, slots=True)
class Steps:
    """What a new organisation has done already."""

    account: bool
    key: bool
    call: bool
    may_connect: bool
    may_key: bool

    @property
    def done(self) -> bool:
        """A call has arrived; nobody needs the guide any more."""
        return self.call


@overview.get("")
@requires(Permission.OVERVIEW_READ)
def show() -> str | Response:
    """The tenant at a glance; an operator has another first page."""
    if caller().role == Role.OPERATOR:
        return redirect(url_for("tenants.index"))
    with work_of_caller() as work:
        kept = kept_days(work)
        days = _days(work, kept)
        rows = list_accounts(work)
        read = last_reads(work, [row.id for row in rows])
        accounts = [facts_of(row, read_at=read.get(row.id)) for row in rows]
        now, has_key = work.now, has_keys(work)
    endings = [ending_of(d.day, d.total, kept, now=now) for d in days if d.total]
    return render_template(
        "overview/show.html",
        **_figures(days, endings),
        retention_days=kept.keep,
        days=days,
        chart=bar_chart(days),
        accounts=accounts,
        working=sum(1 for account in accounts if account.state_tone == "good"),
        steps=_steps(accounts, has_key=has_key, has_call=bool(endings)),
        sample=first_call(services().settings.public_url),
        may_see_accounts=allows(caller(), Permission.ACCOUNTS_READ),
    )


def _days(work: UnitOfWork, kept: KeptDays) -> list[Day]:
    counted: dict[date, Counter[str]] = defaultdict(Counter)
    until = kept.today + timedelta(days=1)
    for day, _account, direction, calls, _seconds in calls_per_day(
        work, since=kept.oldest, until=until
    ):
        counted[day][direction] += calls
    last = until if until in counted else kept.today
    span = (last - kept.oldest).days + 1
    every = (kept.oldest + timedelta(days=n) for n in range(span))
    return [_day(day, counted[day]) for day in every]


def _day(day: date, calls: Counter[str]) -> Day:
    return Day(day, calls["inbound"], calls["outbound"], calls["internal"])


def _figures(days: list[Day], endings: list[Ending]) -> dict[str, object]:
    return {
        "today_total": days[-1].total,
        "yesterday_total": days[-2].total if len(days) > 1 else 0,
        "kept_total": sum(day.total for day in days),
        "kept_days": len(endings),
        "ends": endings[:SHOWN_ENDINGS],
    }


def _steps(accounts: list[AccountFacts], *, has_key: bool, has_call: bool) -> Steps:
    return Steps(
        account=bool(accounts),
        key=has_key,
        call=has_call,
        may_connect=allows(caller(), Permission.ACCOUNTS_WRITE),
        may_key=allows(caller(), Permission.API_KEYS_WRITE),
    )
