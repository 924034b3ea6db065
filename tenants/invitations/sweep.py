"""The end of invitations: of whoever did not come, or came long ago, no address is kept."""

from datetime import timedelta
from typing import Final

from sqlalchemy import delete, func

from privacy.core.db.work import UnitOfWork
from tenants.invitations.models import Invitation

KEPT: Final = timedelta(days=30)
"""After an invitation was answered or has ended; the ledger says for longer that it was."""


def sweep_invitations(work: UnitOfWork) -> int:
    """Delete the bound tenant's invitations that are over, with their addresses. How many went."""
    over = func.coalesce(Invitation.settled_at, Invitation.expires_at)
    gone = work.connection.execute(
        delete(Invitation).where(Invitation.tenant_id == work.tenant_id, over <= work.now - KEPT)
    )
    return gone.rowcount
