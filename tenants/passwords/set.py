"""Store and read the password's hash. The hash, too, is sealed: a copy of the table is no list
to guess at."""

from privacy.core.db.work import UnitOfWork
from privacy.vault.keyring import Keyring
from tenants.sealed_fields import USER_PASSWORD
from tenants.users.models import PASSWORD_VERSION, User


def set_password(ring: Keyring, work: UnitOfWork, *, user: User, encoded: str) -> None:
    """Put a new hash in place; what was forced is done with it."""
    _advance(work, user)
    _seal(ring, work, user, encoded)
    user.password_changed_at = work.now
    user.must_change_password = False


def renew_hash(ring: Keyring, work: UnitOfWork, *, user: User, encoded: str) -> None:
    """The same password at today's cost: nothing changes for anybody."""
    _seal(ring, work, user, encoded)


def close_password(work: UnitOfWork, *, user: User) -> None:
    """From now on no password opens this account, until a new one is set (promise F7)."""
    _advance(work, user)
    user.password_sealed = None
    user.password_changed_at = work.now


def stored_hash(ring: Keyring, work: UnitOfWork, user: User | None) -> str | None:
    """The encoded hash; None when there is no user, or no password opens the account."""
    if user is None or user.state != "active" or user.password_sealed is None:
        return None
    return USER_PASSWORD.open(
        ring, work, user.id, user.password_sealed, version=user.password_version
    )


def _advance(work: UnitOfWork, user: User) -> None:
    user.password_version += 1
    PASSWORD_VERSION.witness(work, row_id=user.id, version=user.password_version)


def _seal(ring: Keyring, work: UnitOfWork, user: User, encoded: str) -> None:
    user.password_sealed = USER_PASSWORD.seal(
        ring, work, user.id, encoded, version=user.password_version
    )
