"""The cookie of a holder's session: its own, apart from that of the console."""

from flask import current_app, g, request
from werkzeug.wrappers import Response

from connector.inquiries.forms.find import form_at
from connector.registrations.sessions import LASTS, holder_of
from privacy.core.db.work import NOBODY, unit_of_work
from privacy.core.errors import NotFound
from tenants.http.services import services
from tenants.principals import Principal, PrincipalKind

SECURE_NAME = "__Host-silta-account"
PLAIN_NAME = "silta_account"


def give_token(response: Response, token: str) -> None:
    """Hand out a session's token, for half a day at most."""
    response.set_cookie(
        _name(),
        token,
        max_age=int(LASTS.total_seconds()),
        httponly=True,
        secure=_secure(),
        samesite="Lax",
        path="/",
    )


def take_token(response: Response) -> None:
    """Have the browser forget it."""
    response.delete_cookie(_name(), httponly=True, secure=_secure(), samesite="Lax", path="/")


def recognise_holder() -> Principal | None:
    """Whose account this is, by the cookie and the form that the address names."""
    token, key = request.cookies.get(_name()), (request.view_args or {}).get("form_key")
    if not token or not isinstance(key, str):
        return None
    engine = services().engines.app
    try:
        form = form_at(engine, key=key, closed_too=True)
    except NotFound:
        return None
    with unit_of_work(engine, tenant_id=form.tenant_id, actor=NOBODY) as work:
        found = holder_of(work, token=token)
    if found is None:
        return None
    g.holder_session = found[0]
    return Principal(PrincipalKind.REGISTRANT, form.tenant_id, found[1], session_id=found[0])


def _secure() -> bool:
    return bool(current_app.config["SESSION_COOKIE_SECURE"])


def _name() -> str:
    return SECURE_NAME if _secure() else PLAIN_NAME
