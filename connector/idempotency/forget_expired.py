"""Forget answers whose day is over."""

from sqlalchemy import delete

from connector.idempotency.models import IdempotentAnswer
from privacy.core.db.work import UnitOfWork


def forget_expired(work: UnitOfWork) -> int:
    """Delete this tenant's expired answers; how many went."""
    gone = work.connection.execute(
        delete(IdempotentAnswer).where(
            IdempotentAnswer.tenant_id == work.tenant_id,
            IdempotentAnswer.expires_at <= work.now,
        )
    )
    return gone.rowcount
