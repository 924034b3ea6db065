"""A request for a host that is not ours is refused before anything else looks at it (ATTACK 33).

Links in mails never come from a request, but a page's own addresses do: a forged Host header, kept
by a cache on the way, would lead others elsewhere. Names are Flask's TRUSTED_HOSTS, by SILTA_HOSTS.
"""

from flask import Flask, Response, request
from werkzeug.exceptions import SecurityError

from connector.http.api.problems import problem_response
from privacy.core.errors import BadInput


class WrongHost(BadInput):
    """The Host header names somebody else."""

    code = "wrong_host"
    message = "This host name is not served here. An operator can add it with SILTA_HOSTS."


def refuse_strangers(app: Flask) -> None:
    """Have `app` answer such requests with a problem; without a name of ours there are no pages.

    Install it before guard and limits: an address that was not looked up has no view.
    """

    @app.before_request
    def _refuse() -> Response | None:
        if isinstance(request.routing_exception, SecurityError):
            return problem_response(WrongHost())
        return None
