"""Privacy notices of the organisation: read, accept or decline, promise more, publish."""

from typing import Final, Literal

from flask import Blueprint, flash, redirect, render_template, url_for
from pydantic import ValidationError
from werkzeug.wrappers import Response
from wtforms import HiddenField
from wtforms.validators import AnyOf, InputRequired

from connector.http.console.notices.facts import NoticeFacts, notices_of
from connector.http.console.notices.forms import changes_in, derive_form
from connector.notices.close import ask_closure
from connector.notices.derive import derive_profile
from connector.notices.publish import organisation_of, publish_notices
from privacy.acceptances.decide import decide_policy
from privacy.core.errors import Invalid, NotFound, SiltaError
from privacy.profiles import profile
from privacy.profiles.strict import Laxer
from tenants.http.access import requires
from tenants.http.callers import caller
from tenants.http.forms import Sheet
from tenants.http.proofs import recently_authenticated
from tenants.http.services import services, work_of_caller
from tenants.permissions import Permission, allows
from tenants.tenants.profiles import changes_of
from tenants.users.find import view_user

notices = Blueprint("notices", __name__, url_prefix="/notices")
_DECISIONS: Final = ("accepted", "declined")


class DecisionForm(Sheet):
    """Accept or decline the version that was read."""

    number = HiddenField("Version", [InputRequired("Reload the page.")])
    decision = HiddenField("Decision", [AnyOf(_DECISIONS, message="Accept or decline.")])


@notices.get("")
@requires(Permission.TENANT_READ)
def index() -> str:
    """Every service's notice, and what was decided on it."""
    with work_of_caller() as work:
        found = notices_of(work, services().vault)
    return render_template(
        "notices/index.html",
        found=found,
        may_decide=allows(caller(), Permission.POLICY_DECIDE),
        may_write=allows(caller(), Permission.TENANT_WRITE),
    )


@notices.get("/<slug>")
@requires(Permission.TENANT_READ)
def show(slug: str) -> str:
    """The text, what is different, and the decision."""
    found = _found(slug)
    return render_template(
        "notices/show.html",
        one=found,
        document=found.view.texts[_language()],
        differences=found.view.differences.get(_language(), ()),
        may_decide=allows(caller(), Permission.POLICY_DECIDE) and found.asks,
        may_write=allows(caller(), Permission.TENANT_WRITE),
    )


@notices.post("/<slug>/decision")
@requires(Permission.POLICY_DECIDE)
def decide(slug: str) -> Response:
    """Accept or decline (promise D2). Whoever declines is offered export and closure."""
    form, found = DecisionForm.posted(), _found(slug)
    if not form.accepts() or not form.number.data.isdecimal():
        raise Invalid
    decision: Literal["accepted", "declined"] = (
        "accepted" if form.decision.data == "accepted" else "declined"
    )
    with work_of_caller() as work:
        publish_notices(work, services().vault)
        number = int(form.number.data)
        decide_policy(work, service=found.rules.key, number=number, decision=decision)
    if decision == "declined":
        return redirect(url_for("notices.declined"))
    flash("Accepted. It is recorded with the version.", "good")
    return redirect(url_for("notices.index"))


@notices.get("/declined")
@requires(Permission.POLICY_DECIDE)
def declined() -> str:
    """What can be done by who does not agree."""
    return render_template(
        "notices/declined.html", may_close=allows(caller(), Permission.TENANT_WRITE)
    )


@notices.post("/closure")
@requires(Permission.TENANT_WRITE)
@recently_authenticated
def close() -> Response:
    """Ask the operator to close the account."""
    with work_of_caller() as work:
        name = organisation_of(work, services().vault)
        ask_closure(services().desk, work, organisation=name)
    flash("The operator has been told, and will agree on the day with you.", "good")
    return redirect(url_for("notices.index"))


@notices.route("/<slug>/stricter", methods=["GET", "POST"])
@requires(Permission.TENANT_WRITE)
@recently_authenticated
def derive(slug: str) -> str | Response | tuple[str, int]:
    """Promise more than the service does; published and obeyed at once."""
    found = _found(slug)
    base = profile(found.rules.key)
    with work_of_caller() as work:
        form = derive_form(base, changes_of(work, base.key))
    status = 200
    if form.accepts():
        try:
            changes = changes_in(form, base)
            with work_of_caller() as work:
                ring = services().vault
                made = derive_profile(work, ring, service=base.key, changes=changes)
        except Laxer as refusal:
            form.blame(_at_fields(refusal))
            status = int(refusal.status)
        except ValidationError:
            form.form_errors.append("Use whole numbers: days from 1 to 3660, hours from 1 to 72.")
            status = 422
        except SiltaError as refusal:
            form.blame(refusal)
            status = int(refusal.status)
        else:
            flash(f"Version {made.number} is published and counts from now on.", "good")
            return redirect(url_for("notices.show", slug=slug))
    return render_template("notices/derive.html", one=found, form=form), status


def _at_fields(refusal: Laxer) -> Laxer:
    """The complaint at the field of the form: `days.calls` is `days_calls` there."""
    fields = refusal.details.get("fields")
    told = fields if isinstance(fields, dict) else {}
    return Laxer(fields={_field(str(key)): str(text) for key, text in told.items()})


def _field(key: str) -> str:
    head, _, kind = key.partition(".")
    if head == "days":
        return f"days_{kind}"
    return {"purposes": "without_purposes"}.get(head, head)


def _found(slug: str) -> NoticeFacts:
    with work_of_caller() as work:
        found = notices_of(work, services().vault)
    for one in found:
        if one.rules.slug == slug:
            return one
    raise NotFound


def _language() -> str:
    who = caller()
    if who.id is None:
        return "en"
    with services().desk.installation(who.actor) as work:
        return view_user(services().vault, work, user_id=who.id).language
