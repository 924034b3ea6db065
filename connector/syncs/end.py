"""An account is disconnected: nothing that was only about reading it stays (promise B4)."""

import uuid
from typing import Final

from sqlalchemy import delete

from connector.accounts.connections import AccountConnection
from connector.mappings.models import AccountMapping
from connector.outgoing.models import OutgoingDocument
from connector.synced.erasures.lift import forget_erasures
from connector.syncs.models import AccountStream, SyncRun
from connector.watches.models import ChangeWatch
from privacy.core.db.work import UnitOfWork

_NOTES: Final = (SyncRun, AccountStream, AccountConnection, ChangeWatch, AccountMapping)


def end_reading(work: UnitOfWork, *, account_id: uuid.UUID) -> None:
    """Delete its streams, runs, connection, watch, mappings, erasures and outgoing documents.

    A run that is under way finds its stream gone and stops. A document that is being sent at this
    moment keeps its row until its sending has ended (see connector.outgoing.forget): whether it
    arrived is told in the ledger.
    """
    for model in _NOTES:
        work.session.execute(delete(model).where(model.account_id == account_id))
    forget_erasures(work, account_id=account_id)
    work.session.execute(
        delete(OutgoingDocument).where(
            OutgoingDocument.account_id == account_id, OutgoingDocument.state != "sending"
        )
    )
