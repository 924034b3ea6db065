"""The front door."""

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from tenants.http.access import public, signed_in
from tenants.http.callers import caller
from tenants.permissions import Role

console = Blueprint("console", __name__, template_folder="templates")


@console.get("/")
@signed_in
def home() -> str | Response:
    """To whatever page comes first for this person."""
    if caller().role is None:
        return render_template("homeless.html")
    operator = caller().role == Role.OPERATOR
    return redirect(url_for("tenants.index" if operator else "overview.show"))


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
