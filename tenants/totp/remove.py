"""Take a second factor away."""

from sqlalchemy import delete

from privacy.core.db.work import UnitOfWork
from tenants.recovery_codes.models import RecoveryCode
from tenants.users.models import TOTP_VERSION, User


def remove_factor(work: UnitOfWork, *, user: User) -> None:
    """Drop secret, pending secret and recovery codes of a locked `user` row."""
    user.totp_version += 1
    TOTP_VERSION.witness(work, row_id=user.id, version=user.totp_version)
    user.totp_sealed = None
    user.totp_pending_sealed = None
    user.totp_confirmed_at = None
    work.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
