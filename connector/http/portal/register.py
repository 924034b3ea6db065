"""Put the pages of registered people into an application."""

from flask import Blueprint, Flask
from werkzeug.exceptions import HTTPException

from connector.http.forms.problems import page_for
from connector.http.portal import join, own
from connector.http.portal.entry import account
from privacy.core.errors import SiltaError

PAGES = (own,)
"""Modules whose views join the blueprint when they are imported."""


def make_join() -> Blueprint:
    """Registering stands beside the other forms: no cookie, no session."""
    pages = Blueprint("join", __name__, url_prefix="/f", template_folder="templates")
    pages.add_url_rule("/<form_key>/register", view_func=join.show)
    pages.add_url_rule("/<form_key>/register", view_func=join.send, methods=["POST"])
    for kind in (SiltaError, HTTPException, Exception):
        pages.register_error_handler(kind, page_for)
    return pages


def register(app: Flask) -> None:
    """Register the pages with `app`."""
    app.register_blueprint(make_join())
    app.register_blueprint(account)
