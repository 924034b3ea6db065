"""Sessions of holders: a random token in a cookie, its digest in a row."""

import hashlib
import secrets
import uuid
from datetime import timedelta
from typing import Final

from sqlalchemy import delete, select, update

from connector.registrations.models import Registrant, RegistrantLink, RegistrantSession
from privacy.core.db.work import UnitOfWork
from privacy.core.ids import new_id

LASTS: Final = timedelta(hours=12)
IDLE: Final = timedelta(hours=1)
_TOUCH_EVERY: Final = timedelta(minutes=1)


def start_session(work: UnitOfWork, *, registrant_id: uuid.UUID) -> str:
    """A new session; its token is for the cookie and nothing else."""
    token = secrets.token_urlsafe(32)
    work.session.add(
        RegistrantSession(
            tenant_id=work.tenant_id,
            id=new_id(),
            registrant_id=registrant_id,
            token_digest=_digest_of(token),
            created_at=work.now,
            seen_at=work.now,
            expires_at=work.now + LASTS,
        )
    )
    work.session.flush()
    return token


def holder_of(work: UnitOfWork, *, token: str) -> tuple[uuid.UUID, uuid.UUID] | None:
    """Session and holder of a living session of an active account; else None."""
    found = work.session.execute(
        select(RegistrantSession, Registrant.id)
        .join(
            Registrant,
            (Registrant.tenant_id == RegistrantSession.tenant_id)
            & (Registrant.id == RegistrantSession.registrant_id),
        )
        .where(
            RegistrantSession.token_digest == _digest_of(token),
            RegistrantSession.expires_at > work.now,
            RegistrantSession.seen_at > work.now - IDLE,
            Registrant.state == "active",
        )
    ).first()
    if found is None:
        return None
    session, holder = found
    if work.now - session.seen_at > _TOUCH_EVERY:
        work.session.execute(
            update(RegistrantSession)
            .where(RegistrantSession.id == session.id)
            .values(seen_at=work.now)
        )
    return session.id, holder


def end_session(work: UnitOfWork, *, session_id: uuid.UUID) -> None:
    """Sign out."""
    work.session.execute(delete(RegistrantSession).where(RegistrantSession.id == session_id))


def end_sessions_of(work: UnitOfWork, *, registrant_id: uuid.UUID) -> None:
    """Sign out everywhere, at once."""
    work.session.execute(
        delete(RegistrantSession).where(RegistrantSession.registrant_id == registrant_id)
    )


def end_every_sign_in(work: UnitOfWork) -> None:
    """Sign out every holder, and void what was mailed for a new password: after a restoration
    nobody knows which were used since."""
    mine = RegistrantSession.tenant_id == work.tenant_id
    work.connection.execute(delete(RegistrantSession).where(mine))
    open_links = (
        RegistrantLink.tenant_id == work.tenant_id,
        RegistrantLink.purpose == "reset",
        RegistrantLink.used_at.is_(None),
    )
    work.connection.execute(update(RegistrantLink).where(*open_links).values(used_at=work.now))


def _digest_of(token: str) -> bytes:
    data = b"silta registrant session\0" + token.encode("utf-8", "surrogatepass")
    return hashlib.sha256(data).digest()
