"""Prove once more who one is, before a sensitive act (ASVS 7.5.1)."""

import uuid

from privacy.core.db.work import Actor, ActorKind
from privacy.core.errors import Invalid
from privacy.ledger.events import Event
from privacy.ledger.record import record
from tenants.desks import Desk
from tenants.limits.clear import clear_attempts
from tenants.limits.keys import Trial
from tenants.limits.rules import Bucket
from tenants.passwords.set import stored_hash
from tenants.sessions.rotate import rotate_session
from tenants.sessions.start import Started
from tenants.sessions.views import SessionView
from tenants.sign_in.attempts import count_attempt
from tenants.sign_in.visitors import Visitor
from tenants.sign_in.with_code import accept_factor
from tenants.totp.enrol import wrong_code
from tenants.users.find import get_user


def reauthenticate(
    desk: Desk, *, token: str, password: str, code: str | None = None, visitor: Visitor
) -> Started:
    """Password, and a code from whoever has a second factor; the session gets a new token.

    Raises:
        TooManyRequests, Unauthenticated: as at sign-in.
        Invalid: the password or the code is wrong.
    """
    session, keys = count_proof(desk, token=token, visitor=visitor)
    if not password_is_right(desk, user_id=session.user_id, password=password):
        _note_failure(desk, session)
        raise wrong_password()
    with desk.installation(_actor(session)) as work:
        shown = not session.has_second_factor or accept_factor(
            desk, work, user_id=session.user_id, code=code or ""
        )
        if shown:
            started = rotate_session(work, token=token, reauthenticated_at=work.now)
            clear_attempts(work, keys=keys)
            record(work, Event.REAUTHENTICATED, subject=session.user_id)
            return started
    _note_failure(desk, session)
    raise wrong_code()


def password_is_right(desk: Desk, *, user_id: uuid.UUID, password: str) -> bool:
    """Compare, with no transaction open meanwhile. Count the attempt before."""
    with desk.installation() as work:
        encoded = stored_hash(desk.ring, work, get_user(work, user_id=user_id))
    return desk.hashing.verify(encoded, password).right


def wrong_password() -> Invalid:
    """The refusal of a password from somebody who is signed in."""
    text = "This password is wrong."
    return Invalid(text, code="wrong_password", fields={"password": text})


def count_proof(
    desk: Desk, *, token: str, visitor: Visitor
) -> tuple[SessionView, dict[bytes, Bucket]]:
    """The session of a whole sign-in, with this attempt at its password counted."""
    return count_attempt(desk, token=token, visitor=visitor, trial=Trial.REAUTHENTICATION)


def _note_failure(desk: Desk, session: SessionView) -> None:
    with desk.installation(_actor(session)) as work:
        facts = {"trial": Trial.REAUTHENTICATION.value}
        record(work, Event.SIGN_IN_FAILED, subject=session.user_id, facts=facts)


def _actor(session: SessionView) -> Actor:
    return Actor(ActorKind.USER, session.user_id)
