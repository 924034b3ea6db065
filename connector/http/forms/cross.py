"""Which pages elsewhere may talk to a form: those of its declared origins (Fetch, CORS).

Others get no CORS header, so a browser shows them nothing; and 403, so that nothing happens. A
request without an Origin is no browser's page elsewhere: it needs its proof of work like all.
"""

from typing import Final

from flask import Response, g, request

from connector.inquiries.forms.refs import FormRef
from privacy.core.errors import Forbidden

_METHODS: Final = "GET, POST, OPTIONS"
_AGE: Final = "600"


class OriginRefused(Forbidden):
    """A page that the form does not know."""

    code = "origin_not_allowed"
    message = "This form is not for pages of this origin. Add the origin in the console."


def check_origin(form: FormRef) -> None:
    """Remember the origin when the form knows it. Raises OriginRefused when it does not."""
    origin = request.headers.get("Origin")
    if origin is None:
        return
    if origin not in form.origins:
        raise OriginRefused
    g.cross_origin = origin


def allow_origin(response: Response) -> Response:
    """Let the page read the answer, errors too; never with credentials."""
    origin = g.get("cross_origin")
    if isinstance(origin, str):
        response.headers["Access-Control-Allow-Origin"] = origin
        if request.method == "OPTIONS":
            response.headers["Access-Control-Allow-Methods"] = _METHODS
            response.headers["Access-Control-Allow-Headers"] = "content-type"
            response.headers["Access-Control-Max-Age"] = _AGE
    response.headers.add("Vary", "Origin")
    return response
