"""The sessions that a person sees of their own."""

import uuid

from sqlalchemy import select

from privacy.core.db.work import UnitOfWork
from tenants.sessions.models import SignInSession
from tenants.sessions.tokens import IDLE
from tenants.sessions.views import SessionView, view_of
from tenants.users.models import User


def own_sessions(work: UnitOfWork, *, user_id: uuid.UUID) -> list[SessionView]:
    """Living sessions of `user_id`, last used first."""
    rows = work.session.execute(
        select(SignInSession, User)
        .join(
            User, (User.tenant_id == SignInSession.tenant_id) & (User.id == SignInSession.user_id)
        )
        .where(
            SignInSession.user_id == user_id,
            SignInSession.ended_at.is_(None),
            SignInSession.expires_at > work.now,
            SignInSession.seen_at > work.now - IDLE,
        )
        .order_by(SignInSession.seen_at.desc())
    )
    return [view_of(row, user) for row, user in rows]
