"""Remember a browser after a whole sign-in, and recognise it at the next (see limits.rules)."""

import hashlib
import secrets
import uuid
from datetime import timedelta

from sqlalchemy import delete, select

from privacy.core.db.work import UnitOfWork
from tenants.devices.models import KnownDevice

REMEMBERED = timedelta(days=180)
_MOST = 20


def digest_of(token: str) -> bytes:
    """What is stored of a device's secret."""
    return hashlib.sha256(b"silta device\0" + token.encode("utf-8", "surrogatepass")).digest()


def known_device(work: UnitOfWork, *, user_id: uuid.UUID | None, token: str | None) -> bytes | None:
    """The digest of `token` when it is a device of this very user, else None."""
    if token is None:
        return None
    digest = digest_of(token)
    row = work.session.scalar(
        select(KnownDevice).where(KnownDevice.digest == digest, KnownDevice.expires_at > work.now)
    )
    return digest if row is not None and row.user_id == user_id else None


def remember_device(work: UnitOfWork, *, user_id: uuid.UUID, token: str | None) -> str | None:
    """Make this browser known. Returns a new secret for its cookie, None when it has one."""
    if known_device(work, user_id=user_id, token=token) is not None:
        return None
    fresh = secrets.token_urlsafe(32)
    work.session.add(
        KnownDevice(
            tenant_id=work.tenant_id,
            digest=digest_of(fresh),
            user_id=user_id,
            created_at=work.now,
            expires_at=work.now + REMEMBERED,
        )
    )
    work.session.flush()
    _keep_newest(work, user_id)
    return fresh


def forget_devices(work: UnitOfWork, *, user_id: uuid.UUID) -> None:
    """No device of this user is known any more."""
    work.session.execute(delete(KnownDevice).where(KnownDevice.user_id == user_id))


def forget_every_device(work: UnitOfWork) -> None:
    """Nobody knows which were forgotten since this database was archived."""
    statement = delete(KnownDevice).where(KnownDevice.tenant_id == work.tenant_id)
    work.connection.execute(statement)


def sweep_devices(work: UnitOfWork) -> int:
    """Delete what has expired. Returns how many."""
    gone = work.connection.execute(
        delete(KnownDevice).where(
            KnownDevice.tenant_id == work.tenant_id, KnownDevice.expires_at < work.now
        )
    )
    return gone.rowcount


def _keep_newest(work: UnitOfWork, user_id: uuid.UUID) -> None:
    older = (
        select(KnownDevice.digest)
        .where(KnownDevice.user_id == user_id)
        .order_by(KnownDevice.created_at.desc(), KnownDevice.digest)
        .offset(_MOST)
    )
    digests = list(work.session.scalars(older))
    if digests:
        work.session.execute(delete(KnownDevice).where(KnownDevice.digest.in_(digests)))
