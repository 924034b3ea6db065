"""The web application: faces, guard and headers, put together in the order in which they act."""

from dataclasses import replace
from datetime import timedelta

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from connector.http import health, hosts, metrics
from connector.http.api.register import register as register_api
from connector.http.centre.register import register as register_centre
from connector.http.console.answers import install_errors
from connector.http.console.register import register as register_console
from connector.http.forms.register import register as register_forms
from connector.http.intake.register import register as register_intake
from connector.http.marketplace.register import register as register_marketplace
from connector.http.portal.cookies import recognise_holder
from connector.http.portal.register import register as register_portal
from privacy.core.db.engine import Engines
from privacy.core.errors import Misconfigured
from privacy.core.settings import Settings
from tenants.desks import Desk
from tenants.http import csrf, guard, headers, logins, rates, requests, services
from tenants.http.access import public
from tenants.http.authenticators import make_authenticators

LARGEST_FORM = 64 * 1024
SHORTEST_SECRET = 32


def create_app(
    *,
    settings: Settings,
    engines: Engines,
    desk: Desk,
    secret: bytes,
    revision: str | None = None,
) -> Flask:
    """An application that serves one installation. Build it after a fork, never before.

    Args:
        secret: at least 32 bytes, the same in every web process and kept nowhere in the clear;
            signs form tokens and messages.
        revision: the migration at which the database must stand for `/readyz` to say yes.

    Raises:
        Misconfigured: a view declares no permission, or the secret is short.
    """
    if len(secret) < SHORTEST_SECRET:
        raise Misconfigured("The secret for form tokens needs 32 bytes.")
    app = Flask(__name__, static_folder="http/console/static")
    _configure(app, settings, secret)
    services.install(app, services.Services(settings, engines, desk, secret, revision))
    _act_in_order(app, settings)
    _register(app)
    guard.enforce(app)
    return app


def _configure(app: Flask, settings: Settings, secret: bytes) -> None:
    app.config.update(
        SECRET_KEY=secret.hex(),
        SESSION_COOKIE_NAME="__Host-silta-form" if settings.secure_cookies else "silta_form",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
        MAX_CONTENT_LENGTH=LARGEST_FORM,
        MAX_FORM_MEMORY_SIZE=LARGEST_FORM,
        MAX_FORM_PARTS=200,
        BOOTSTRAP_SERVE_LOCAL=True,
        TRUSTED_HOSTS=settings.trusted_hosts,
        PREFERRED_URL_SCHEME="https" if settings.secure_cookies else "http",
    )
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops
        )


def _act_in_order(app: Flask, settings: Settings) -> None:
    """`before_request` runs in this order, `after_request` backwards: the id is on all lines."""
    headers.install(app, https=settings.secure_cookies)
    headers.stamp_addresses(app)
    requests.install(app)
    hosts.refuse_strangers(app)
    metrics.install(app)
    guard.recognise_callers(app, replace(make_authenticators(), holder=recognise_holder))
    rates.install(app, redis_url=settings.redis_url.get_secret_value())
    guard.check_permissions(app)
    csrf.install(app)
    logins.install(app)


def _register(app: Flask) -> None:
    static = public("files of ours that everybody gets, without data")
    register_console(app)
    register_api(app)
    register_intake(app)
    register_marketplace(app)
    register_forms(app)
    register_portal(app)
    register_centre(app)
    app.register_blueprint(health.health)
    install_errors(app)
    for endpoint, view in app.view_functions.items():
        if headers.is_static(endpoint):
            app.view_functions[endpoint] = static(_own(view))


def _own(view: services.View) -> services.View:
    """Bound methods take no attributes: a declaration needs a function of its own."""

    def serve(filename: str) -> object:
        return view(filename=filename)

    return serve
