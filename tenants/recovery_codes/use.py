"""Use a recovery code up."""

import uuid

from sqlalchemy import delete

from privacy.core.db.work import UnitOfWork
from privacy.ledger.events import Event
from privacy.ledger.record import record
from tenants.recovery_codes.codes import digest_of
from tenants.recovery_codes.models import RecoveryCode


def use_recovery_code(work: UnitOfWork, *, user_id: uuid.UUID, code: str) -> bool:
    """Whether `code` was one of the user's. The row is gone with it: once only (ATTACK 24)."""
    gone = work.connection.execute(
        delete(RecoveryCode)
        .where(
            RecoveryCode.tenant_id == work.tenant_id,
            RecoveryCode.user_id == user_id,
            RecoveryCode.digest == digest_of(code),
        )
        .returning(RecoveryCode.digest)
    ).first()
    if gone is None:
        return False
    record(work, Event.RECOVERY_CODE_USED, subject=user_id)
    return True
