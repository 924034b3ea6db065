"""Close API keys, at once: nothing remembers them."""

import uuid

from sqlalchemy import update

from privacy.core.db.work import UnitOfWork
from privacy.ledger.events import Event
from privacy.ledger.record import record
from tenants.api_keys.list import get_key
from tenants.api_keys.models import ApiKey


def revoke_api_key(work: UnitOfWork, *, key_id: uuid.UUID) -> None:
    """Close one key; closing it again changes nothing. Raises NotFound."""
    key = get_key(work, key_id=key_id, lock=True)
    if key.revoked_at is not None:
        return
    key.revoked_at = work.now
    record(work, Event.API_KEY_REVOKED, subject=key_id)


def revoke_keys_of(
    work: UnitOfWork, *, user_id: uuid.UUID, because: str = "password_forced"
) -> int:
    """Close every key that `user_id` has made in `work`'s tenant (promise F7). Returns how many."""
    closed = work.session.scalars(
        update(ApiKey)
        .where(ApiKey.created_by == user_id, ApiKey.revoked_at.is_(None))
        .values(revoked_at=work.now)
        .returning(ApiKey.id)
    ).all()
    for key_id in closed:
        record(work, Event.API_KEY_REVOKED, subject=key_id, facts={"because": because})
    return len(closed)
