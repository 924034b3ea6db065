"""Each request has an id, and one log line: route pattern, status, duration.

Never a path's values, a query string, an address or a header: those can be personal data.
"""

import secrets

from flask import Flask, Response, g, request

from privacy.core import clock
from privacy.core.logs import get_log

_log = get_log("web")


def install(app: Flask) -> None:
    """Name each request, measure it, log it. Register first: everything else runs within."""

    @app.before_request
    def _begin() -> None:
        g.request_id = secrets.token_hex(16)
        g.began = clock.monotonic()

    @app.after_request
    def _end(response: Response) -> Response:
        response.headers["X-Request-Id"] = request_id()
        _log.info(
            "request",
            request_id=request_id(),
            method=request.method,
            route=route(),
            status=response.status_code,
            duration_ms=round(1000 * elapsed(), 1),
        )
        return response


def request_id() -> str:
    """The id of the running request; it is on its response and in its log line."""
    if "request_id" not in g:
        g.request_id = secrets.token_hex(16)
    return str(g.request_id)


def route() -> str:
    """The pattern that matched (`/calls/<id>`), never what it matched."""
    return request.url_rule.rule if request.url_rule else "unknown"


def elapsed() -> float:
    """Seconds since the request began."""
    return clock.monotonic() - float(g.get("began", clock.monotonic()))
