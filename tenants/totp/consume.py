"""Accept a one-time code, once."""

from sqlalchemy import update

from privacy.core.db.work import UnitOfWork
from privacy.vault.keyring import Keyring
from tenants.sealed_fields import USER_TOTP
from tenants.totp.codes import authenticator_time, matching_step
from tenants.users.models import User


def consume_code(ring: Keyring, work: UnitOfWork, *, user: User, code: str) -> bool:
    """Whether `code` is right and newer than the last one; it never is again (ATTACKS 19 to 22).

    One conditional update decides, so of two parallel uses one wins; the step only grows.
    """
    if user.totp_sealed is None or user.totp_confirmed_at is None:
        return False
    secret = USER_TOTP.open(ring, work, user.id, user.totp_sealed, version=user.totp_version)
    step = matching_step(secret, code, at=authenticator_time())
    if step is None:
        return False
    taken = work.connection.execute(
        update(User)
        .where(
            User.tenant_id == work.tenant_id,
            User.id == user.id,
            User.totp_version == user.totp_version,
            User.totp_last_step < step,
        )
        .values(totp_last_step=step)
    )
    return taken.rowcount == 1
