"""How callers are recognised: people by their session cookie, programs by their key."""

from flask import g, request

from privacy.core.errors import Unauthenticated
from tenants.api_keys.authenticate import authenticate_key
from tenants.http.cookies import read_token
from tenants.http.guard import Authenticators
from tenants.http.services import services
from tenants.marketplace_keys.authenticate import authenticate_marketplace
from tenants.principals import Principal
from tenants.sessions.views import SessionView
from tenants.sign_in.principals import principal_of


def make_authenticators() -> Authenticators:
    """The real ones; what a request was recognised by is remembered for it."""
    return Authenticators(
        session=_by_session,
        key=_by_key,
        token=lambda: read_token(request),
        marketplace=_by_marketplace_key,
    )


def current_session() -> SessionView:
    """The session behind this request. Raises Unauthenticated where there is none."""
    found = g.get("session_view")
    if not isinstance(found, SessionView):
        raise Unauthenticated
    return found


def current_token() -> str:
    """The token behind this request. Raises Unauthenticated where there is none."""
    token = read_token(request)
    if token is None:
        raise Unauthenticated
    return token


def _by_session(token: str) -> Principal | None:
    found = principal_of(services().desk, token=token)
    if found is None:
        return None
    principal, g.session_view = found
    return principal


def _by_key(text: str) -> Principal | None:
    return authenticate_key(services().engines.app, raw=text, address=request.remote_addr or "")


def _by_marketplace_key(text: str) -> Principal | None:
    return authenticate_marketplace(services().engines.app, raw=text)
