"""Documents that wait for a system that works again, or whose job was lost: looked for hourly."""

from datetime import timedelta
from typing import Final

from sqlalchemy import or_, select

from connector.accounts.models import ConnectorAccount
from connector.accounts.states import READING
from connector.outgoing.models import OutgoingDocument
from privacy.core.db.work import UnitOfWork
from privacy.core.outbox.enqueue import enqueue
from privacy.core.outbox.names import JobName

_LEFT_FOR: Final = timedelta(minutes=30)
_AT_ONCE: Final = 500


def enqueue_waiting(work: UnitOfWork) -> int:
    """A job for each document of the bound tenant that nothing has moved for long."""
    old = work.now - _LEFT_FOR
    last = OutgoingDocument.tried_at
    statement = (
        select(OutgoingDocument.id)
        .join(
            ConnectorAccount,
            (ConnectorAccount.tenant_id == OutgoingDocument.tenant_id)
            & (ConnectorAccount.id == OutgoingDocument.account_id),
        )
        .where(
            OutgoingDocument.state.in_(("waiting", "sending")),
            OutgoingDocument.created_at < old,
            or_(last.is_(None), last < old),
            ConnectorAccount.state.in_([state.value for state in READING]),
            ConnectorAccount.deleted_at.is_(None),
        )
        .limit(_AT_ONCE)
    )
    found = work.session.scalars(statement).all()
    for document_id in found:
        enqueue(
            work,
            name=JobName.OUTGOING_SEND,
            payload={"document_id": str(document_id)},
            dedupe_key=f"outgoing.send:{document_id}:{work.now:%Y%m%d%H}",
        )
    return len(found)
