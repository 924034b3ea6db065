"""A thread as people and programs see it: opened, with the day on which it ends."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from connector.calls.numbers import canonical
from connector.inquiries.contents import Contact, Technical
from connector.inquiries.find import Found, Wanted, find_inquiry, list_inquiries, messages_of
from connector.inquiries.logs import read_log
from connector.inquiries.models import Inquiry, InquiryMessage
from connector.inquiries.seals import open_contact, open_message
from privacy.core.db.work import UnitOfWork
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.suppressions.uses import Use, standing_for
from privacy.vault.keyring import Keyring


@dataclass(frozen=True, slots=True)
class InquiryView:
    """The head of a thread."""

    id: uuid.UUID
    service: str
    form_id: uuid.UUID | None
    channel: str
    channel_name: str | None
    state: str
    reference: str
    notice: str | None
    contact: Contact
    consent_at: datetime | None
    opened_at: datetime
    last_message_at: datetime
    ends_on: date
    restricted: bool = False

    def __repr__(self) -> str:
        return f"<InquiryView {self.id}>"


@dataclass(frozen=True, slots=True)
class MessageView:
    """One message. `way`: in, out, note, or other; `sender`: of the last, whose address it was."""

    id: uuid.UUID
    way: str
    author_id: uuid.UUID | None
    text: str
    mailed: bool
    at: datetime
    sender: str | None = None
    left_out: int = 0
    cut: bool = False

    def __repr__(self) -> str:
        return f"<MessageView {self.id}>"


@dataclass(frozen=True, slots=True)
class Thread:
    """A whole thread. `technical` is None once its days are over."""

    head: InquiryView
    messages: list[MessageView]
    technical: Technical | None


@dataclass(frozen=True, slots=True)
class InquiryPage:
    """Heads of threads, and where to go on; None at the end."""

    inquiries: list[InquiryView]
    next_cursor: str | None


def view_inquiry(work: UnitOfWork, *, vault: Keyring, inquiry_id: uuid.UUID) -> Thread:
    """A thread, opened; said in the ledger.

    Raises:
        NotFound: no such thread, or its time is over.
        OpenError: something of it was changed outside the service.
    """
    row = find_inquiry(work, inquiry_id)
    messages = [_message(work, vault, each) for each in messages_of(work, row.id)]
    technical = read_log(work, vault=vault, inquiry=row)
    head = head_of(work, vault, row)
    if head.restricted:
        messages, technical = [], None
    record(work, Event.INQUIRY_VIEWED, subject=row.id)
    return Thread(head, messages, technical)


def view_page(
    work: UnitOfWork, *, vault: Keyring, wanted: Wanted, cursor: str | None, limit: int
) -> InquiryPage:
    """A page of heads, opened; said in the ledger. Raises as `list_inquiries`."""
    found: Found = list_inquiries(work, vault=vault, wanted=wanted, cursor=cursor, limit=limit)
    by = "contact" if wanted.email or wanted.telephone else "list"
    record(work, Event.INQUIRIES_LISTED, facts={"found": len(found.rows), "by": by})
    return InquiryPage([head_of(work, vault, row) for row in found.rows], found.next_cursor)


def head_of(work: UnitOfWork, vault: Keyring, row: Inquiry) -> InquiryView:
    """The head of a row; of a restricted person's, without who it is. Raises OpenError."""
    contact, standing = open_contact(work, vault, row), standing_for(work, vault, use=Use.RESPONSE)
    number = canonical(contact.telephone, "FI") if contact.telephone else None
    hidden = standing.has_email(contact.email) or standing.has_phone(number)
    return InquiryView(
        id=row.id,
        service=row.service,
        form_id=row.form_id,
        channel=row.channel,
        channel_name=row.channel_name,
        state=row.state,
        reference=row.reference,
        notice=row.notice,
        contact=Contact(name="") if hidden else contact,
        restricted=hidden,
        consent_at=row.consent_at,
        opened_at=row.opened_at,
        last_message_at=row.last_message_at,
        ends_on=row.ends_on,
    )


def _message(work: UnitOfWork, vault: Keyring, row: InquiryMessage) -> MessageView:
    said, mailed = open_message(work, vault, row), row.mail_id is not None
    return MessageView(
        row.id,
        row.way,
        row.author_id,
        said.text,
        mailed,
        row.at,
        said.sender,
        said.left_out,
        said.cut,
    )
