"""Find the session of a cookie."""

from datetime import timedelta

from sqlalchemy import select, update

from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Unauthenticated
from tenants.sessions.models import SignInSession
from tenants.sessions.tokens import IDLE, digest_of
from tenants.sessions.views import SessionView, view_of
from tenants.users.models import User

_TOUCH_EVERY = timedelta(minutes=1)


def find_session(work: UnitOfWork, *, token: str) -> SessionView | None:
    """The living session of `token`; None when it never was, has ended, or its user is disabled.

    `work` is bound to the installation.
    """
    found = work.session.execute(
        select(SignInSession, User)
        .join(
            User, (User.tenant_id == SignInSession.tenant_id) & (User.id == SignInSession.user_id)
        )
        .where(
            SignInSession.token_digest == digest_of(token),
            SignInSession.ended_at.is_(None),
            SignInSession.expires_at > work.now,
            SignInSession.seen_at > work.now - IDLE,
            User.state == "active",
        )
    ).first()
    if found is None:
        return None
    row, user = found
    if work.now - row.seen_at > _TOUCH_EVERY:
        _touch(work, row)
    return view_of(row, user)


def require_session(
    work: UnitOfWork, *, token: str, owing_second_factor: bool = False
) -> SessionView:
    """The living session of a whole sign-in, or of one that owes its second factor.

    Raises:
        Unauthenticated: it is over, or stands at the other step.
    """
    session = find_session(work, token=token)
    if session is None or session.owes_second_factor is not owing_second_factor:
        raise Unauthenticated("Sign in again.", code="session_ended")
    return session


def _touch(work: UnitOfWork, row: SignInSession) -> None:
    """Remember the visit; a session that ended meanwhile stays ended."""
    work.connection.execute(
        update(SignInSession)
        .where(
            SignInSession.tenant_id == work.tenant_id,
            SignInSession.id == row.id,
            SignInSession.ended_at.is_(None),
        )
        .values(seen_at=work.now)
    )
