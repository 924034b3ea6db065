"""Documents whose moment passed though their system works: their job was lost, or it waited for
a credential."""

from datetime import timedelta
from typing import Final

from sqlalchemy import and_, or_, select

from connector.accounts.models import ConnectorAccount
from connector.accounts.states import READING
from connector.outgoing.models import OutgoingDocument
from privacy.core.db.work import UnitOfWork
from privacy.core.outbox.enqueue import enqueue
from privacy.core.outbox.names import JobName

_LATE: Final = timedelta(minutes=10)
_AT_ONCE: Final = 500


def enqueue_waiting(work: UnitOfWork) -> int:
    """A job for each document of the bound tenant that is late. Two jobs of one document make one
    attempt: it is the row's moment that decides (see send.py)."""
    late, moment = work.now - _LATE, OutgoingDocument.next_at
    statement = (
        select(OutgoingDocument.id)
        .join(
            ConnectorAccount,
            (ConnectorAccount.tenant_id == OutgoingDocument.tenant_id)
            & (ConnectorAccount.id == OutgoingDocument.account_id),
        )
        .where(
            OutgoingDocument.state.in_(("waiting", "sending")),
            or_(moment < late, and_(moment.is_(None), OutgoingDocument.created_at < late)),
            ConnectorAccount.state.in_([state.value for state in READING]),
            ConnectorAccount.deleted_at.is_(None),
        )
        .limit(_AT_ONCE)
    )
    found = work.session.scalars(statement).all()
    for document_id in found:
        name = JobName.OUTGOING_SEND
        key = f"{name.value}:{document_id}:late:{work.now:%Y%m%d%H%M}"
        enqueue(work, name=name, payload={"document_id": str(document_id)}, dedupe_key=key)
    return len(found)
