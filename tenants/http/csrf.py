"""Form tokens (ATTACK 33): every POST of a page carries one; nothing changes on GET.

Programs and the public's forms are exempt, because no cookie authenticates them (see guard).
"""

from flask import Flask, request
from flask_wtf.csrf import CSRFError, CSRFProtect

from privacy.core.errors import BadInput
from tenants.http.guard import is_anonymous, is_machine


class FormExpired(BadInput):
    """The token is missing, old, or another browser's."""

    code = "form_expired"
    message = (
        "This form was open for too long, or was sent from somewhere else. "
        "Go back, reload the page and send it again."
    )


def install(app: Flask) -> None:
    """Check every changing request to a page, after the guard."""
    app.config.update(WTF_CSRF_CHECK_DEFAULT=False, WTF_CSRF_TIME_LIMIT=12 * 3600)
    # A browser sends no referrer here (Referrer-Policy), so the token alone decides.
    app.config["WTF_CSRF_SSL_STRICT"] = False
    protection = CSRFProtect(app)

    @app.before_request
    def _protect() -> None:
        open_to_all = is_machine(request.path) or is_anonymous(request.path)
        if request.routing_exception is None and not open_to_all:
            try:
                protection.protect()
            except CSRFError:
                raise FormExpired from None
