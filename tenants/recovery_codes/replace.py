"""Ten new recovery codes in place of whatever was left."""

import uuid

from sqlalchemy import delete, func, insert, select

from privacy.core.db.work import UnitOfWork
from privacy.ledger.events import Event
from privacy.ledger.record import record
from tenants.recovery_codes.codes import digest_of, new_codes
from tenants.recovery_codes.models import RecoveryCode


def replace_codes(work: UnitOfWork, *, user_id: uuid.UUID) -> list[str]:
    """Ten codes, in plain text for the only time; the older ones are void."""
    codes = new_codes()
    own = {"tenant_id": work.tenant_id, "user_id": user_id, "created_at": work.now}
    work.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    work.connection.execute(
        insert(RecoveryCode), [{**own, "digest": digest_of(code)} for code in codes]
    )
    record(work, Event.RECOVERY_CODES_CREATED, subject=user_id, facts={"count": len(codes)})
    return codes


def codes_left(work: UnitOfWork, *, user_id: uuid.UUID) -> int:
    """How many are unused."""
    query = select(func.count()).select_from(RecoveryCode).where(RecoveryCode.user_id == user_id)
    return work.session.scalar(query) or 0
