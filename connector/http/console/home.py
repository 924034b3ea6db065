"""The front door."""

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from connector.notices.publish import rules_of
from privacy.acceptances.pending import pending_decisions
from tenants.http.access import public, signed_in
from tenants.http.callers import caller
from tenants.http.services import work_of_caller
from tenants.permissions import Permission, Role, allows

console = Blueprint("console", __name__, template_folder="templates")


@console.get("/")
@signed_in
def home() -> str | Response:
    """To whatever page comes first for this person."""
    if caller().role is None:
        return render_template("homeless.html")
    if caller().role == Role.OPERATOR:
        return redirect(url_for("tenants.index"))
    return redirect(url_for("notices.index" if _has_to_decide() else "overview.show"))


def _has_to_decide() -> bool:
    """Whether a published version waits for somebody who may accept it (promise D2)."""
    if not allows(caller(), Permission.POLICY_DECIDE):
        return False
    with work_of_caller() as work:
        return bool(pending_decisions(work, rules_of(work)))


@console.get("/favicon.ico")
@public("a picture of ours")
def favicon() -> Response:
    """Browsers ask for it by this name whatever a page says."""
    return redirect(url_for("static", filename="favicon.svg"))


@console.get("/robots.txt")
@public("says that there is nothing to index")
def robots() -> Response:
    """Keep out."""
    return Response("User-agent: *\nDisallow: /\n", mimetype="text/plain")
