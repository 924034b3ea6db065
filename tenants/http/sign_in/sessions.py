"""Hand a session out, move it on, take it back."""

from flask import redirect, session, url_for
from werkzeug.wrappers import Response

from tenants.http.browsers import remember_browser
from tenants.http.cookies import give_token, take_token
from tenants.http.services import services
from tenants.memberships.homes import homes_of
from tenants.sessions.start import Started
from tenants.sign_in.visitors import SignedIn


def welcome(signed_in: SignedIn) -> Response:
    """Send somebody on who has just shown a password, or the second factor."""
    started = signed_in.started
    answer = moved(started, _onward(started))
    remember_browser(answer, signed_in.device_token)
    return answer


def moved(started: Started, onward: str) -> Response:
    """The session under its new token, on the way to `onward`."""
    answer = redirect(onward)
    give_token(answer, started.token)
    return answer


def goodbye(onward: str) -> Response:
    """Take the cookie and whatever the form session holds."""
    session.clear()
    answer = redirect(onward)
    take_token(answer)
    return answer


def _onward(started: Started) -> str:
    if started.owes_second_factor:
        return url_for("sign_in.code")
    several = len(homes_of(services().desk, user_id=started.user_id)) > 1
    return url_for("sign_in.choose_tenant" if several else "console.home")
