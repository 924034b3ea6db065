"""Contents that nobody will send any more are dropped, and old notes of what was sent."""

from datetime import timedelta
from typing import Final

from sqlalchemy import delete, select

from connector.accounts.models import ConnectorAccount
from connector.outgoing.models import OutgoingDocument
from privacy.core.db.work import UnitOfWork

KEPT: Final = timedelta(days=730)
"""For so long the same reference is recognised after it was sent."""


def forget_documents(work: UnitOfWork) -> int:
    """Of the bound tenant. Returns how many rows went."""
    deleted = select(ConnectorAccount.id).where(ConnectorAccount.deleted_at.is_not(None))
    dropped = work.session.execute(
        delete(OutgoingDocument).where(OutgoingDocument.account_id.in_(deleted))
    )
    gone = work.session.execute(
        delete(OutgoingDocument).where(
            OutgoingDocument.state == "sent", OutgoingDocument.sent_at < work.now - KEPT
        )
    )
    return int(getattr(dropped, "rowcount", 0)) + int(getattr(gone, "rowcount", 0))
