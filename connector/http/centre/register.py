"""Put the privacy centre into an application."""

from collections.abc import Callable
from typing import Final

from flask import Blueprint, Flask, Response
from werkzeug.exceptions import HTTPException

from connector.http.centre import (
    confirmed,
    everywhere,
    longer,
    notices,
    requests,
    statistics,
    unsubscribe,
    wellknown,
)
from connector.http.centre.pages import render_problem
from privacy.core.errors import SiltaError

_Pages = tuple[tuple[str, Callable[..., Response]], ...]
_READ: Final[_Pages] = (
    ("/", notices.services),
    ("/<centre_key>", notices.front),
    ("/<centre_key>/statistics", statistics.statistics),
    ("/<centre_key>/statistics.json", statistics.statistics_json),
    ("/<centre_key>/<slug>", notices.notice),
    ("/<centre_key>/<slug>/versions", notices.versions),
    ("/<centre_key>/<slug>/versions/<number>", notices.version),
    ("/<centre_key>/<slug>/versions/<number>/digested", notices.digested),
    ("/<centre_key>/<slug>/cookies", notices.cookies),
)
_POSTED: Final[_Pages] = (
    ("/everywhere", everywhere.everywhere),
    ("/<centre_key>/<slug>/request", requests.ask),
    ("/<centre_key>/<slug>/objection", confirmed.objection),
    ("/<centre_key>/<slug>/withdrawal", confirmed.withdrawal),
    ("/<centre_key>/status", requests.status),
    ("/<centre_key>/code", requests.code),
    ("/<centre_key>/confirm/<confirmation_id>", confirmed.confirmed),
    ("/<centre_key>/keep/<token>", longer.keep),
    ("/unsubscribe/<link>", unsubscribe.unsubscribe),
)


def make_centre() -> Blueprint:
    """/privacy/…: neither keys nor cookies mean anything below it (see tenants.http.guard)."""
    centre = Blueprint(
        "centre",
        __name__,
        url_prefix="/privacy",
        template_folder="templates",
        static_folder="static",
        static_url_path="/static",
    )
    for path, view in _READ:
        centre.add_url_rule(path, view_func=view)
    for path, view in _POSTED:
        centre.add_url_rule(path, view_func=view, methods=["GET", "POST"])
    for kind in (SiltaError, HTTPException, Exception):
        centre.register_error_handler(kind, render_problem)
    return centre


def make_well_known() -> Blueprint:
    """/.well-known/…: addresses that programs know without being told (RFC 8615)."""
    known = Blueprint("well_known", __name__, url_prefix="/.well-known")
    known.add_url_rule("/gpc.json", view_func=wellknown.gpc)
    known.add_url_rule("/security.txt", view_func=wellknown.security)
    known.add_url_rule("/change-password", view_func=wellknown.change_password)
    return known


def register(app: Flask) -> None:
    """Register the centre with `app`."""
    app.register_blueprint(make_centre())
    app.register_blueprint(make_well_known())
