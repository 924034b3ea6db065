"""Put the marketplace's face into an application."""

from flask import Blueprint, Flask, Response
from werkzeug.exceptions import HTTPException

from connector.http.api.problems import render
from connector.http.marketplace import views
from connector.http.marketplace.transport import require_tls
from privacy.core.errors import SiltaError

BLUEPRINT = "marketplace"


def make_marketplace() -> Blueprint:
    """The blueprint of /marketplace, with problem+json for whatever its views raise."""
    marketplace = Blueprint(BLUEPRINT, __name__, url_prefix="/marketplace")
    route = marketplace.add_url_rule
    route("/openapi.json", "read_document", views.read_document)
    route("/v1/getServiceParameters", "get_service_parameters", views.get_service_parameters)
    route("/v1/provision", "provision", views.provision, methods=["POST"])
    route("/v1/changeParameters", "change_parameters", views.change_parameters, methods=["POST"])
    route("/v1/suspend", "suspend", views.suspend, methods=["POST"])
    route("/v1/resume", "resume", views.resume, methods=["POST"])
    route("/v1/terminate", "terminate", views.terminate, methods=["POST"])
    route("/v1/usage", "usage", views.usage, methods=["POST"])
    for kind in (SiltaError, HTTPException, Exception):
        marketplace.register_error_handler(kind, render)
    marketplace.before_request(_require_tls)
    return marketplace


def _require_tls() -> Response | None:
    require_tls()
    return None


def register(app: Flask) -> None:
    """Register the marketplace's face with `app`."""
    app.register_blueprint(make_marketplace())
