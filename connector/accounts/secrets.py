"""The secret in an account's address: shown once, found again by its digest."""

import hashlib
import secrets
import uuid

from sqlalchemy import delete, func, select

from connector.accounts.models import AccountSecret
from privacy.core.db.work import UnitOfWork

_BYTES = 24
"""192 random bits: a plain SHA-256 of it needs no salt (ASVS 6.5.2)."""


def digest_of(secret: str) -> bytes:
    """What is stored of a secret, or of a long random id from outside."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def issue_secret(work: UnitOfWork, account_id: uuid.UUID) -> str:
    """A new secret of the account's next generation. The older one still works: see settle."""
    secret = secrets.token_urlsafe(_BYTES)
    newest = work.session.scalar(
        select(func.max(AccountSecret.generation)).where(AccountSecret.account_id == account_id)
    )
    work.session.add(
        AccountSecret(
            tenant_id=work.tenant_id,
            digest=digest_of(secret),
            account_id=account_id,
            generation=(newest or 0) + 1,
            created_at=work.now,
        )
    )
    work.session.flush()
    return secret


def settle_secrets(work: UnitOfWork, account_id: uuid.UUID, *, used: int) -> int:
    """Drop the generations before the one that has just worked. Returns how many went."""
    gone = work.session.execute(
        delete(AccountSecret).where(
            AccountSecret.account_id == account_id, AccountSecret.generation < used
        )
    )
    return int(getattr(gone, "rowcount", 0))


def close_secrets(work: UnitOfWork, account_id: uuid.UUID) -> None:
    """No secret of this account works any more."""
    work.session.execute(delete(AccountSecret).where(AccountSecret.account_id == account_id))
