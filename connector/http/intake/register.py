"""Put the exchanges' addresses into an application."""

from flask import Blueprint, Flask
from werkzeug.exceptions import HTTPException

from connector.http.api.problems import render
from connector.http.intake.accounts import install_addresses
from connector.http.intake.notifications import take_notifications
from connector.http.intake.partner_events import take_partner_event
from connector.http.intake.views import receive
from privacy.core.errors import SiltaError

METHODS = ("POST", "PUT")


def make_intake() -> Blueprint:
    """The blueprint of /in."""
    intake = Blueprint("intake", __name__, url_prefix="/in")
    intake.add_url_rule("/basic", view_func=receive, methods=METHODS)
    intake.add_url_rule("/basic/<name>", view_func=receive, methods=METHODS)
    intake.add_url_rule("/microsoft/notifications", view_func=take_notifications, methods=("POST",))
    partner = "/microsoft/partner-center/<secret>"
    intake.add_url_rule(partner, view_func=take_partner_event, methods=("POST",))
    intake.add_url_rule("/<secret>", view_func=receive, methods=METHODS)
    intake.add_url_rule("/<secret>/<name>", view_func=receive, methods=METHODS)
    for kind in (SiltaError, HTTPException, Exception):
        intake.register_error_handler(kind, render)
    return intake


def register(app: Flask) -> None:
    """Register the addresses with `app`."""
    install_addresses(app)
    app.register_blueprint(make_intake())
