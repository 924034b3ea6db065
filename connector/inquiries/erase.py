"""The end of threads: two years after the last message, or when somebody ends them."""

import uuid
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, delete, select

from connector.inquiries.models import Inquiry, InquiryLog
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import NotFound
from privacy.erasures.marking import journaled
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.mailboxes.addresses import forget_addresses


@journaled
def erase_inquiry(work: UnitOfWork, *, inquiry_id: uuid.UUID, because: str) -> None:
    """Delete a thread with its messages and its technical log. Raises NotFound."""
    if not _delete(work, Inquiry.tenant_id == work.tenant_id, Inquiry.id == inquiry_id):
        raise NotFound
    record(work, Event.INQUIRY_ERASED, subject=inquiry_id, facts={"because": because})


def sweep_inquiries(work: UnitOfWork) -> int:
    """Delete the bound tenant's threads whose last day is over; how many went (promise B2)."""
    due = Inquiry.tenant_id == work.tenant_id, Inquiry.ends_on <= work.today
    gone = _delete(work, *due)
    if gone:
        record(work, Event.INQUIRIES_DESTROYED, facts={"count": gone})
    return gone


def _delete(work: UnitOfWork, *which: ColumnElement[bool]) -> int:
    """Messages go with their thread (ON DELETE CASCADE); logs have no such reference."""
    logs = delete(InquiryLog).where(
        InquiryLog.tenant_id == work.tenant_id,
        InquiryLog.inquiry_id.in_(select(Inquiry.id).where(*which)),
    )
    work.connection.execute(logs)
    forget_addresses(work, about=select(Inquiry.id).where(*which))
    done: CursorResult[Any] = work.connection.execute(delete(Inquiry).where(*which))
    return done.rowcount
