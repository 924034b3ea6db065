"""Give a session a new token: at step-up, after proof of identity, on a change of tenant."""

import uuid
from typing import Any

from sqlalchemy import update

from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Unauthenticated
from tenants.sessions.models import SignInSession
from tenants.sessions.start import Started
from tenants.sessions.tokens import ABSOLUTE, digest_of, new_token


def rotate_session(work: UnitOfWork, *, token: str, **changes: Any) -> Started:
    """Replace the token and apply `changes`, in one statement: the old cookie is dead (7.2.4).

    Raises:
        Unauthenticated: the session has ended, or somebody else rotated it first.
    """
    fresh = new_token()
    found = work.connection.execute(
        update(SignInSession)
        .where(
            SignInSession.tenant_id == work.tenant_id,
            SignInSession.token_digest == digest_of(token),
            SignInSession.ended_at.is_(None),
            SignInSession.expires_at > work.now,
        )
        .values(token_digest=digest_of(fresh), seen_at=work.now, **changes)
        .returning(
            SignInSession.id,
            SignInSession.user_id,
            SignInSession.expires_at,
            SignInSession.stage,
        )
    ).first()
    if found is None:
        raise Unauthenticated("Your session has ended. Sign in again.", code="session_ended")
    return Started(fresh, found[0], found[1], found[2], found[3] != "full")


def step_up(work: UnitOfWork, *, token: str) -> Started:
    """The second factor was right: the session is a full one, under a new token (ATTACK 28)."""
    return rotate_session(
        work,
        token=token,
        stage="full",
        second_factor=True,
        reauthenticated_at=work.now,
        expires_at=work.now + ABSOLUTE,
    )


def move_to_tenant(work: UnitOfWork, *, token: str, tenant_id: uuid.UUID) -> Started:
    """Make `tenant_id` the session's tenant. The caller has seen the membership there."""
    return rotate_session(work, token=token, active_tenant_id=tenant_id)
