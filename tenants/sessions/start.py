"""Begin a session."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from privacy.core.db.work import UnitOfWork
from privacy.core.ids import new_id
from tenants.sessions.models import SignInSession
from tenants.sessions.tokens import ABSOLUTE, HALF, digest_of, new_token


@dataclass(frozen=True, slots=True)
class Started:
    """A session that has just begun, or moved on: `token` is for the cookie and nothing else."""

    token: str
    session_id: uuid.UUID
    user_id: uuid.UUID
    expires_at: datetime
    owes_second_factor: bool

    def __repr__(self) -> str:
        return f"<Started {self.session_id}>"


def start_session(
    work: UnitOfWork,
    *,
    user_id: uuid.UUID,
    owes_second_factor: bool,
    device: str,
    active_tenant_id: uuid.UUID | None,
) -> Started:
    """A new session with a token of its own, whatever cookie came along (ATTACK 28).

    Args:
        device: a coarse label such as `Firefox on Linux`; never an address.
    """
    token = new_token()
    row = SignInSession(
        tenant_id=work.tenant_id,
        id=new_id(),
        token_digest=digest_of(token),
        user_id=user_id,
        stage="password" if owes_second_factor else "full",
        second_factor=False,
        active_tenant_id=active_tenant_id,
        device=device[:80],
        created_at=work.now,
        seen_at=work.now,
        expires_at=work.now + (HALF if owes_second_factor else ABSOLUTE),
        reauthenticated_at=None if owes_second_factor else work.now,
    )
    work.session.add(row)
    work.session.flush()
    return Started(token, row.id, user_id, row.expires_at, owes_second_factor)
