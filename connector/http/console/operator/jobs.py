"""Jobs: how many stand where, which were given up and why; run them again."""

import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from connector.http.console.operator.visits import visit_all
from privacy.core.db.work import UnitOfWork
from privacy.core.outbox.heartbeats import find_silent
from privacy.core.outbox.jobs import JobRow, count_jobs, list_jobs, retry_dead
from tenants.http.access import requires
from tenants.http.callers import caller
from tenants.http.services import services
from tenants.permissions import Permission, allows

jobs = Blueprint("jobs", __name__, url_prefix="/jobs")
SHOWN = 100


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with a name."""

    label: str
    count: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class DeadJob:
    """A job that was given up."""

    tenant_id: uuid.UUID
    id: uuid.UUID
    name: str
    reason: str
    attempt: int
    finished_at: datetime | None


@jobs.get("")
@requires(Permission.JOBS_READ)
def index() -> str:
    """Counts over all tenants, and the dead."""
    counted: Counter[str] = Counter()
    dead: list[DeadJob] = []
    for tenant_id, (counts, rows) in visit_all(_look):
        counted.update(counts)
        dead += [_dead(tenant_id, row) for row in rows]
    with services().engines.app.connect() as connection:
        silent = find_silent(connection)
    return render_template(
        "operator/jobs.html",
        figures=_figures(counted),
        dead=dead[:SHOWN],
        silent=silent,
        may_retry=allows(caller(), Permission.JOBS_RETRY),
    )


@jobs.post("/<uuid:tenant_id>/<uuid:job_id>/again")
@requires(Permission.JOBS_RETRY)
def run_again(tenant_id: uuid.UUID, job_id: uuid.UUID) -> Response:
    """Put a dead job back in line."""
    with services().desk.tenant(tenant_id, caller().actor) as work:
        retry_dead(work, job_id=job_id)
    flash("The job is in line again.", "good")
    return redirect(url_for("jobs.index"))


def _look(work: UnitOfWork) -> tuple[dict[str, int], list[JobRow]]:
    return count_jobs(work), list(list_jobs(work, state="dead", limit=SHOWN))


def _figures(counted: Counter[str]) -> list[Figure]:
    return [
        Figure("Waiting", counted["waiting"] + counted["rung"], "for a worker"),
        Figure("Running", counted["running"]),
        Figure("Done", counted["done"], "and not yet tidied away"),
        Figure("Given up", counted["dead"]),
    ]


def _dead(tenant_id: uuid.UUID, row: JobRow) -> DeadJob:
    return DeadJob(
        tenant_id, row.id, row.name, row.reason or "unknown", row.attempt, row.finished_at
    )
