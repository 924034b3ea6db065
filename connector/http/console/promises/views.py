"""The promises: how each stands, by the last examination; and a new one when asked for."""

from typing import Final

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from connector.http.console.promises.facts import groups_of
from privacy.core.outbox.enqueue import enqueue
from privacy.core.outbox.names import JobName
from privacy.promises.keep import list_runs
from privacy.promises.outcomes import Outcome
from tenants.http.access import requires
from tenants.http.services import work_of_caller
from tenants.permissions import Permission

promises = Blueprint("promises", __name__, url_prefix="/promises")
SHOWN: Final = 30


@promises.get("")
@requires(Permission.PROMISES_READ)
def show() -> str:
    """The last examination of the caller's organisation; an operator's is of everything."""
    with work_of_caller() as work:
        runs = list_runs(work, limit=SHOWN)
    latest = runs[0] if runs else None
    counts = {one.value: latest.report.count(one) for one in Outcome} if latest else {}
    return render_template(
        "promises/show.html",
        latest=latest,
        counts=counts,
        groups=groups_of(latest.report) if latest else {},
        runs=runs,
    )


@promises.post("/examine")
@requires(Permission.PROMISES_READ)
def examine() -> Response:
    """Ask for an examination; asking twice within a minute asks once."""
    with work_of_caller() as work:
        minute = f"{work.now:%Y-%m-%dT%H:%M}"
        enqueue(work, name=JobName.PROMISES_EXAMINE_OWN, dedupe_key=f"promises:{minute}")
    flash("The promises are being examined. Come back in a minute.", "good")
    return redirect(url_for("promises.show"))
