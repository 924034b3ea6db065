"""Archives of everything that the organisation has: make one, fetch it once, let it be made."""

import uuid
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from connector.exports.ask import ask_export, delete_export, find_export, list_exports
from connector.exports.fetch import check_export
from connector.exports.schedules import end_schedule, find_schedule, set_schedule
from connector.http.archives import archive_response
from connector.http.console.exports.facts import export_facts
from connector.http.console.exports.forms import FetchForm, MakeForm, ScheduleForm
from privacy.core.errors import Conflict, Invalid
from tenants.http.access import requires
from tenants.http.callers import caller
from tenants.http.proofs import recently_authenticated
from tenants.http.services import work_of_caller
from tenants.permissions import Permission, allows

exports = Blueprint("exports", __name__, url_prefix="/exports")
PAGE: Final = 50


@exports.get("")
@requires(Permission.EXPORTS_READ)
def index() -> str:
    """The exports, newest first."""
    return _page(MakeForm())


@exports.post("")
@requires(Permission.EXPORTS_WRITE)
@recently_authenticated
def make() -> ResponseReturnValue:
    """Ask for one."""
    form = MakeForm.posted()
    if not form.accepts():
        return _page(form), int(Invalid.status)
    try:
        with work_of_caller() as work:
            ask_export(work, recipient=form.recipient.data.strip() or None)
    except (Invalid, Conflict) as refusal:
        form.blame(refusal)
        return _page(form), int(refusal.status)
    flash("An archive is in line. It shows here how far it is.", "good")
    return redirect(url_for("exports.index"))


@exports.get("/<uuid:export_id>")
@requires(Permission.EXPORTS_READ)
def show(export_id: uuid.UUID) -> str:
    """One export, and what is in it."""
    return _show(export_id, FetchForm())


@exports.post("/<uuid:export_id>/fetch")
@requires(Permission.EXPORTS_WRITE)
@recently_authenticated
def fetch(export_id: uuid.UUID) -> ResponseReturnValue:
    """The file, once; or the page again with what is wrong."""
    with work_of_caller() as work:
        check_export(work, export_id=export_id)
    form = FetchForm.posted()
    if form.accepts():
        try:
            return archive_response(export_id, passphrase=form.passphrase.data)
        except Invalid as refusal:
            form.blame(refusal)
    return _show(export_id, form), int(Invalid.status)


@exports.post("/<uuid:export_id>/delete")
@requires(Permission.EXPORTS_WRITE)
def delete(export_id: uuid.UUID) -> Response:
    """Delete one, with everything that lies aside for it."""
    with work_of_caller() as work:
        delete_export(work, export_id=export_id)
    flash("Deleted.", "good")
    return redirect(url_for("exports.index"))


@exports.route("/schedule", methods=["GET", "POST"])
@requires(Permission.EXPORTS_WRITE)
@recently_authenticated
def schedule() -> ResponseReturnValue:
    """Let one be made every so many days."""
    with work_of_caller() as work:
        row = find_schedule(work)
    known = {"every_days": row.every_days, "recipient": row.recipient} if row else {}
    form = ScheduleForm.posted(**known)
    if form.accepts():
        try:
            with work_of_caller() as work:
                set_schedule(work, recipient=form.recipient.data, every_days=form.every_days.data)
        except Invalid as refusal:
            form.blame(refusal)
        else:
            flash("The first archive is made within the hour.", "good")
            return redirect(url_for("exports.index"))
    return render_template("tenant_exports/schedule.html", form=form, schedule=row)


@exports.post("/schedule/end")
@requires(Permission.EXPORTS_WRITE)
def end() -> Response:
    """Make none by itself any more."""
    with work_of_caller() as work:
        end_schedule(work)
    flash("No archive is made by itself any more.", "good")
    return redirect(url_for("exports.index"))


def _page(form: MakeForm) -> str:
    with work_of_caller() as work:
        found = list_exports(work, before=_cursor(), limit=PAGE)
        row = find_schedule(work)
    here = url_for("exports.index")
    return render_template(
        "tenant_exports/index.html",
        form=form,
        exports=[export_facts(one) for one in found],
        schedule=row,
        older=f"{here}?before={found[-1].id}" if len(found) == PAGE else None,
        newer=here if _cursor() else None,
        may_write=allows(caller(), Permission.EXPORTS_WRITE),
    )


def _show(export_id: uuid.UUID, form: FetchForm) -> str:
    with work_of_caller() as work:
        facts = export_facts(find_export(work, export_id))
    may_write = allows(caller(), Permission.EXPORTS_WRITE)
    return render_template("tenant_exports/show.html", one=facts, form=form, may_write=may_write)


def _cursor() -> uuid.UUID | None:
    try:
        return uuid.UUID(request.args["before"])
    except (KeyError, ValueError):
        return None
