"""Who is asking in this request; a stranger until the guard knows better."""

from flask import g

from tenants.principals import STRANGER, Principal


def caller() -> Principal:
    """The principal of the running request."""
    found = g.get("principal", STRANGER)
    return found if isinstance(found, Principal) else STRANGER


def set_caller(principal: Principal) -> None:
    """Only the guard, and a sign-in that just succeeded, say who is asking."""
    g.principal = principal
