"""Legal holds: rows that nobody deletes while a claim about them stands."""

import uuid

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from connector.http.console.subjects.forms import HoldForm
from connector.http.console.subjects.views import subjects
from connector.http.console.subjects.words import HOLDABLE
from connector.subjects.holds import release_hold
from privacy.core.errors import Invalid, SiltaError
from privacy.holds.hold import begin_hold, list_holds
from privacy.holds.models import Holdable
from tenants.http.access import requires
from tenants.http.callers import caller
from tenants.http.proofs import recently_authenticated
from tenants.http.services import services, work_of_caller
from tenants.permissions import Permission, allows


@subjects.get("/holds")
@requires(Permission.REQUESTS_READ)
def holds() -> str:
    """Those that stand."""
    return _page(HoldForm())


@subjects.post("/holds")
@requires(Permission.REQUESTS_WRITE)
@recently_authenticated
def hold() -> str | Response | tuple[str, int]:
    """Hold a row."""
    form = HoldForm.posted()
    if not form.accepts():
        return _page(form), int(Invalid.status)
    try:
        with work_of_caller() as work:
            begin_hold(
                work,
                services().vault,
                relation=Holdable(form.relation.data),
                row_id=_id(form.row_id.data),
                reason=form.reason.data,
            )
    except SiltaError as refusal:
        form.blame(refusal)
        return _page(form), int(refusal.status)
    flash("Held. Nobody deletes it until you end the hold.", "good")
    return redirect(url_for("subjects.holds"))


@subjects.post("/holds/<uuid:hold_id>/end")
@requires(Permission.REQUESTS_WRITE)
@recently_authenticated
def end(hold_id: uuid.UUID) -> Response:
    """End one; erasures that it kept back go on by themselves."""
    with work_of_caller() as work:
        waiting = release_hold(work, hold_id=hold_id)
    flash(f"Ended. Erasures that go on: {len(waiting)}.", "good")
    return redirect(url_for("subjects.holds"))


def _page(form: HoldForm) -> str:
    with work_of_caller() as work:
        found = list_holds(work, services().vault)
    return render_template(
        "subjects/holds.html",
        form=form,
        holds=[(one, HOLDABLE[one.relation]) for one in found],
        may_write=allows(caller(), Permission.REQUESTS_WRITE),
    )


def _id(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text.strip())
    except ValueError:
        raise Invalid(fields={"row_id": "This is not an id."}) from None
