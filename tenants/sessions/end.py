"""End sessions. What has ended has no token any more, so nothing can wake it (ATTACK 29)."""

import uuid

from sqlalchemy import ColumnElement, delete, update

from privacy.core.db.work import UnitOfWork
from privacy.core.errors import NotFound
from privacy.ledger.encoding import Fact
from privacy.ledger.events import Event
from privacy.ledger.record import record
from tenants.sessions.models import SignInSession
from tenants.sessions.tokens import ABSOLUTE


def end_session(work: UnitOfWork, *, session_id: uuid.UUID, user_id: uuid.UUID) -> None:
    """Sign out one session of `user_id`. Raises NotFound for anybody else's."""
    ended = _end(work, SignInSession.id == session_id, SignInSession.user_id == user_id)
    if not ended:
        raise NotFound
    record(work, Event.SIGNED_OUT, subject=session_id)


def end_sessions_of(
    work: UnitOfWork, *, user_id: uuid.UUID, keep: uuid.UUID | None = None, because: str
) -> int:
    """End all sessions of a user, except `keep`. Returns how many.

    Called with every change of credentials, state or role (ASVS 7.4.2, 7.4.3).
    """
    conditions = [SignInSession.user_id == user_id]
    if keep is not None:
        conditions.append(SignInSession.id != keep)
    ended = _end(work, *conditions)
    if ended:
        facts: dict[str, Fact] = {"count": ended, "because": because}
        record(work, Event.SESSIONS_REVOKED, subject=user_id, facts=facts)
    return ended


def end_every_session(work: UnitOfWork) -> int:
    """Sign everybody out: after a restoration nobody knows which sessions ended since."""
    return _end(work)


def sweep_sessions(work: UnitOfWork) -> int:
    """Delete sessions whose 30 days are over, ended or not. Returns how many."""
    gone = work.connection.execute(
        delete(SignInSession).where(
            SignInSession.tenant_id == work.tenant_id,
            SignInSession.created_at < work.now - ABSOLUTE,
        )
    )
    return gone.rowcount


def _end(work: UnitOfWork, *conditions: ColumnElement[bool]) -> int:
    done = work.connection.execute(
        update(SignInSession)
        .where(
            SignInSession.tenant_id == work.tenant_id,
            SignInSession.ended_at.is_(None),
            *conditions,
        )
        .values(ended_at=work.now, token_digest=None)
    )
    return done.rowcount
