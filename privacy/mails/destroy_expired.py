"""Destroy mails whose time is over, whatever became of them."""

from typing import Any

from sqlalchemy import CursorResult, delete

from privacy.core.db.work import UnitOfWork
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.mails.models import Mail


def destroy_expired(work: UnitOfWork) -> int:
    """Delete the expired mails of `work`'s tenant. Returns how many went."""
    gone: CursorResult[Any] = work.connection.execute(
        delete(Mail).where(Mail.tenant_id == work.tenant_id, Mail.expires_at <= work.now)
    )
    if gone.rowcount:
        record(work, Event.MAILS_DESTROYED, facts={"count": gone.rowcount})
    return gone.rowcount
