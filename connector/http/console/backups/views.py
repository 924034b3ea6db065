"""Archives: which there are, whether they can be restored, and how long drills took."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from connector.http.console.backups.charts import DrillBar, drill_chart
from connector.http.console.wording import duration, moment, thousands
from privacy.backups.alerts import WORDS, standing_alerts
from privacy.backups.drills import last_passed, list_drills
from privacy.backups.models import ArchiveRow, ArchiveState, DrillRow, DrillState
from privacy.backups.register import list_archives
from privacy.core import clock
from privacy.core.outbox.enqueue import enqueue
from privacy.core.outbox.names import JobName
from tenants.http.access import requires
from tenants.http.callers import caller
from tenants.http.services import services, work_of_installation
from tenants.permissions import Permission, allows

backups = Blueprint("backups", __name__, url_prefix="/backups")
SHOWN: Final = 60
DRAWN: Final = 24
STATES: Final = {
    ArchiveState.RUNNING.value: ("Being made", ""),
    ArchiveState.WHOLE.value: ("Whole", "good"),
    ArchiveState.FAILED.value: ("Failed", "bad"),
    ArchiveState.GONE.value: ("Deleted", "quiet"),
    ArchiveState.MISSING.value: ("Missing", "bad"),
}
DRILLS: Final = {
    DrillState.RUNNING.value: ("Running", ""),
    DrillState.PASSED.value: ("Passed", "good"),
    DrillState.FAILED.value: ("Failed", "bad"),
}
_UNITS: Final = ("B", "kB", "MB", "GB", "TB")


@dataclass(frozen=True, slots=True)
class Figure:
    """A value with a name."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class ArchiveFacts:
    """A line of the list."""

    row: ArchiveRow
    state: tuple[str, str]
    size: str
    took: str
    restored: bool


@backups.get("")
@requires(Permission.JOBS_READ)
def index() -> str:
    """Archives and drills, newest first, and what is wrong."""
    with work_of_installation() as work:
        archives, drills = list_archives(work, limit=SHOWN), list_drills(work, limit=SHOWN)
        passed, alerts = last_passed(work), standing_alerts(work)
    tried = {one.archive_id for one in drills if one.state == DrillState.PASSED.value}
    return render_template(
        "backups/index.html",
        configured=services().settings.backup_store is not None,
        alerts=[(WORDS[alert], since) for alert, since in alerts],
        figures=_figures(archives, passed),
        archives=[_facts(one, tried) for one in archives],
        drills=[(one, DRILLS[one.state], _took(one.began_at, one.ended_at)) for one in drills],
        chart=drill_chart([_bar(one) for one in reversed(drills[:DRAWN]) if one.ended_at]),
        may_run=allows(caller(), Permission.JOBS_RETRY),
    )


@backups.post("/run")
@requires(Permission.JOBS_RETRY)
def run_now() -> Response:
    """Ask for an archive now."""
    with work_of_installation() as work:
        enqueue(work, name=JobName.BACKUP_RUN, payload={"force": True})
    flash("An archive is in line. It shows here when a worker begins.", "good")
    return redirect(url_for("backups.index"))


def _figures(archives: list[ArchiveRow], passed: datetime | None) -> list[Figure]:
    whole = [one for one in archives if one.state == ArchiveState.WHOLE.value]
    newest = whole[0] if whole else None
    size = sum(one.size or 0 for one in whole)
    return [
        Figure("Archives", str(len(whole)), in_bytes(size) if whole else ""),
        Figure(
            "Newest",
            _ago(newest.snapshot_at) if newest and newest.snapshot_at else "none yet",
            moment(newest.snapshot_at) if newest and newest.snapshot_at else "",
        ),
        Figure(
            "Last restored in a drill",
            _ago(passed) if passed else "never",
            moment(passed) if passed else "A backup counts when it was restored.",
        ),
    ]


def _facts(row: ArchiveRow, tried: set[uuid.UUID | None]) -> ArchiveFacts:
    size = in_bytes(row.size) if row.size is not None else ""
    return ArchiveFacts(
        row, STATES[row.state], size, _took(row.began_at, row.ended_at), row.id in tried
    )


def _bar(row: DrillRow) -> DrillBar:
    seconds = (row.ended_at - row.began_at).total_seconds() if row.ended_at else 0.0
    return DrillBar(row.began_at, seconds, row.state == DrillState.PASSED.value)


def _took(began: datetime, ended: datetime | None) -> str:
    return duration(max(1, round((ended - began).total_seconds()))) if ended else ""


def _ago(at: datetime) -> str:
    passed = clock.now() - at
    if passed < timedelta(hours=48):
        hours = int(passed.total_seconds() // 3600)
        return f"{hours} hours ago" if hours != 1 else "an hour ago"
    return f"{passed.days} days ago"


def in_bytes(size: int) -> str:
    """`1.4 GB`, in powers of a thousand."""
    value, unit = float(size), 0
    while value >= 1000 and unit < len(_UNITS) - 1:
        value, unit = value / 1000, unit + 1
    return f"{value:.1f} {_UNITS[unit]}" if unit else f"{thousands(size)} B"
