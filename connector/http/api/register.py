"""Put the API into an application."""

from flask import Blueprint, Flask, Response
from werkzeug.exceptions import HTTPException

from connector.http.api import accounts, key, pages, usage
from connector.http.api.calls import export, post, read, search
from connector.http.api.charging.views import add_routes as add_charge_routes
from connector.http.api.documents import BLUEPRINT
from connector.http.api.events_out.routes import add_routes as add_event_routes
from connector.http.api.exports.views import add_routes as add_export_routes
from connector.http.api.free_fields.views import add_routes as add_field_routes
from connector.http.api.inquiries.routes import add_routes as add_inquiry_routes
from connector.http.api.mappings.routes import add_routes as add_mapping_routes
from connector.http.api.overseen.routes import add_routes as add_overseen_routes
from connector.http.api.problems import render
from connector.http.api.promises.read import read_promises
from connector.http.api.records.routes import add_routes as add_record_routes
from connector.http.api.registers.routes import add_routes as add_register_routes
from connector.http.api.subjects.routes import add_routes as add_subject_routes
from connector.http.rates.callers import count_keys, install_counter
from privacy.core.errors import SiltaError
from tenants.http.callers import caller
from tenants.http.requests import request_id
from tenants.principals import PrincipalKind


def make_api() -> Blueprint:
    """The blueprint of /api, with problem+json for whatever its views raise."""
    api = Blueprint(BLUEPRINT, __name__, url_prefix="/api", template_folder="templates")
    route = api.add_url_rule
    route("/openapi.json", view_func=pages.read_document)
    route("/docs", view_func=pages.read_reference)
    route("/docs/style.css", view_func=pages.read_style)
    route("/v1/me", view_func=key.read_key)
    route("/v1/accounts", view_func=accounts.list_all)
    route("/v1/usage", view_func=usage.read_usage)
    route("/v1/promises", view_func=read_promises)
    route("/v1/calls", view_func=post.post_calls, methods=["POST"])
    route("/v1/calls/search", view_func=search.post_search, methods=["POST"])
    route("/v1/calls/export", view_func=export.post_export, methods=["POST"])
    route("/v1/calls/<uuid:call_id>", view_func=read.read_call)
    add_charge_routes(api)
    add_field_routes(api)
    add_mapping_routes(api)
    add_record_routes(api)
    add_event_routes(api)
    add_export_routes(api)
    add_inquiry_routes(api)
    add_register_routes(api)
    add_overseen_routes(api)
    add_subject_routes(api)
    for kind in (SiltaError, HTTPException, Exception):
        api.register_error_handler(kind, render)
    count_keys(api)
    api.after_request(_say_mode)
    return api


def _say_mode(response: Response) -> Response:
    if caller().kind is PrincipalKind.API_KEY:
        response.headers["Silta-Mode"] = caller().mode.value
    response.headers["X-Request-Id"] = request_id()
    return response


def register(app: Flask) -> None:
    """Register the API with `app`."""
    install_counter(app)
    app.register_blueprint(make_api())
