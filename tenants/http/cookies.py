"""The session cookie: a random token and nothing else (ASVS V3.3).

With TLS it carries the `__Host-` prefix: this host only, `Path=/`, `Secure`
(draft-ietf-httpbis-rfc6265bis §4.1.3). Without TLS (loopback only) a plain name.
"""

from flask import Request, current_app
from werkzeug.wrappers import Response

SECURE_NAME = "__Host-silta"
PLAIN_NAME = "silta_session"


def cookie_name(*, secure: bool) -> str:
    """The name under which the token travels."""
    return SECURE_NAME if secure else PLAIN_NAME


def read_token(request: Request) -> str | None:
    """The token that came with `request`, if any."""
    return request.cookies.get(_name()) or None


def give_token(response: Response, token: str) -> None:
    """Hand out `token`. It lives as long as the browser; the server ends it earlier."""
    response.set_cookie(_name(), token, httponly=True, secure=_secure(), samesite="Lax", path="/")


def take_token(response: Response) -> None:
    """Have the browser forget it."""
    response.delete_cookie(_name(), httponly=True, secure=_secure(), samesite="Lax", path="/")


def _secure() -> bool:
    return bool(current_app.config["SESSION_COOKIE_SECURE"])


def _name() -> str:
    return cookie_name(secure=_secure())
