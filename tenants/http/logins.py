"""Flask-Login on top of our sessions: `current_user` is whoever the guard recognised.

Its own cookies and its session protection stay unused: they would hold an address.
"""

from flask import Flask, Request
from flask_login import LoginManager, UserMixin

from tenants.http.callers import caller
from tenants.principals import Principal, PrincipalKind, Stage


class SignedInPerson(UserMixin):  # type: ignore[misc]
    """A person who is done signing in."""

    def __init__(self, principal: Principal) -> None:
        self.principal = principal

    def get_id(self) -> str:
        """The id of the user."""
        return str(self.principal.id)


def install(app: Flask) -> None:
    """Give `app` its login manager."""
    manager = LoginManager(app)
    manager.session_protection = None

    def _load(_: Request) -> SignedInPerson | None:
        who = caller()
        if who.kind is PrincipalKind.USER and who.stage is Stage.FULL:
            return SignedInPerson(who)
        return None

    manager.request_loader(_load)
