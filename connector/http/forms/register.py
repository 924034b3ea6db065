"""Put the public face of forms into an application."""

from flask import Blueprint, Flask
from werkzeug.exceptions import HTTPException

from connector.http.api.problems import render as render_problem
from connector.http.forms import api, choices, page
from connector.http.forms.cross import allow_origin
from connector.http.forms.problems import page_for
from privacy.core.errors import SiltaError


def make_page() -> Blueprint:
    """The hosted pages: /f/{key}."""
    pages = Blueprint("form_page", __name__, url_prefix="/f", template_folder="templates")
    pages.add_url_rule("/<form_key>", view_func=page.show)
    pages.add_url_rule("/<form_key>", view_func=page.send, methods=["POST"])
    for kind in (SiltaError, HTTPException, Exception):
        pages.register_error_handler(kind, page_for)
    return pages


def make_api() -> Blueprint:
    """For scripts in pages of tenants: /forms. Preflights are answered by the views."""
    forms = Blueprint("form_api", __name__, url_prefix="/forms", static_folder="static")
    for path, view, method in (
        ("/v1/<form_key>", api.definition, "GET"),
        ("/v1/<form_key>/inquiries", api.inquiries, "POST"),
    ):
        forms.add_url_rule(
            path,
            view_func=view,
            methods=[method, "OPTIONS"],
            provide_automatic_options=False,
        )
    forms.add_url_rule(
        "/v1/choices/<centre_key>/<slug>",
        view_func=choices.choices,
        methods=["GET", "POST", "OPTIONS"],
        provide_automatic_options=False,
    )
    forms.add_url_rule("/embed.js", view_func=api.embed_script)
    forms.add_url_rule("/consent.js", view_func=choices.consent_script)
    forms.after_request(allow_origin)
    for kind in (SiltaError, HTTPException, Exception):
        forms.register_error_handler(kind, render_problem)
    return forms


def register(app: Flask) -> None:
    """Register pages and API with `app`."""
    app.register_blueprint(make_page())
    app.register_blueprint(make_api())
