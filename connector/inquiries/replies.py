"""Replies by mail arrive in the thread whose address they were sent to (promise A10).

Who knows a thread's address was written to at it, or was shown it by somebody who was. Only a
mail from the person's own address counts as their word; what comes from elsewhere is shown as
from another address, and does not lengthen the life of the thread.
"""

import uuid
from dataclasses import dataclass
from datetime import timedelta
from hmac import compare_digest
from typing import Final

from sqlalchemy import func, select

from connector.events_out.emit import emit
from connector.events_out.facts import Facts
from connector.events_out.kinds import EventKind
from connector.inquiries.contents import Message
from connector.inquiries.declared import LONGEST
from connector.inquiries.find import find_inquiry
from connector.inquiries.messages import Way, add_message
from connector.inquiries.models import Inquiry, InquiryMessage
from connector.inquiries.seals import email_digest
from connector.inquiries.states import InquiryState
from connector.inquiries.texts import many_lines
from connector.synced.cards import holds_card
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import NotFound
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.mailboxes.receivers import Outcome
from privacy.mailboxes.shapes import Automatic, Incoming
from privacy.vault.keyring import Keyring

MOST_A_DAY: Final = 50
"""Mails of one thread that are kept; more would be a machine's, or a quarrel's."""
CARD: Final = (
    "(This mail held a payment card number, which is never kept. Ask for it to be left out.)"
)
NOTHING: Final = "(There was no text in this mail.)"
UNDELIVERED: Final = "The mail server says that our answer could not be delivered"
AUTOMATIC: Final = "An automatic reply came:"


@dataclass(frozen=True, slots=True)
class ReplyReceiver:
    """Takes mails about inquiries; see privacy.mailboxes.receivers.Receiver."""

    def receive(
        self, work: UnitOfWork, vault: Keyring, *, about: uuid.UUID, mail: Incoming
    ) -> Outcome:
        """Put a mail into its thread."""
        try:
            row = find_inquiry(work, about, lock=True)
        except NotFound:
            return Outcome.TOO_LATE
        if row.state == InquiryState.SPAM or _came_today(work, row) >= MOST_A_DAY:
            return Outcome.REFUSED
        if mail.automatic is Automatic.BOUNCE:
            return _undelivered(work, vault, row, mail)
        if mail.automatic is Automatic.REPLY:
            _add(work, vault, row, "note", Message(f"{AUTOMATIC}\n{_text_of(mail)}"))
            return Outcome.AUTOMATIC
        return _said(work, vault, row, mail)


def _said(work: UnitOfWork, vault: Keyring, row: Inquiry, mail: Incoming) -> Outcome:
    digest = email_digest(work, vault, mail.sender)
    theirs = digest is not None and compare_digest(digest, row.email_digest or b"")
    message = Message(
        _text_of(mail),
        sender=None if theirs else mail.sender or "?",
        left_out=mail.attachments,
        cut=mail.cut,
    )
    row.state = InquiryState.OPEN.value
    if theirs:
        message_id = _add(work, vault, row, "in", message)
    else:
        message_id = _add(work, vault, row, "other", message, digest)
    # Whose mail it was, is told, too: what another address says is not the person's word.
    sender = "person" if theirs else "another_address"
    told: Facts = {"inquiry_id": row.id, "message_id": message_id, "from": sender}
    emit(work, EventKind.INQUIRY_REPLIED, told)
    return Outcome.TAKEN if theirs else Outcome.ANOTHER_SENDER


def _undelivered(work: UnitOfWork, vault: Keyring, row: Inquiry, mail: Incoming) -> Outcome:
    """Somebody has to answer in another way, unless the server only says that it tries on."""
    if mail.status.startswith(("2", "4")):
        return Outcome.AUTOMATIC
    if row.state == InquiryState.ANSWERED:
        row.state = InquiryState.OPEN.value
    status = f" ({mail.status})" if mail.status else ""
    _add(work, vault, row, "note", Message(f"{UNDELIVERED}{status}."))
    return Outcome.AUTOMATIC


def _add(
    work: UnitOfWork,
    vault: Keyring,
    row: Inquiry,
    way: Way,
    message: Message,
    sender: bytes | None = None,
) -> uuid.UUID:
    message_id = add_message(
        work, vault=vault, row=row, way=way, message=message, sender_digest=sender
    )
    record(work, Event.INQUIRY_CHANGED, subject=row.id, facts={"to": _TOLD[way]})
    return message_id


_TOLD: Final[dict[Way, str]] = {"in": "heard", "other": "heard", "note": "noted"}


def _text_of(mail: Incoming) -> str:
    """As it is kept: tidied, no longer than what is typed into a form, without card numbers."""
    text = many_lines(mail.text)[: LONGEST["message"]].rstrip()
    return CARD if holds_card((text,)) else text or NOTHING


def _came_today(work: UnitOfWork, row: Inquiry) -> int:
    since = work.now - timedelta(days=1)
    counted = select(func.count()).where(
        InquiryMessage.inquiry_id == row.id,
        InquiryMessage.at > since,
        InquiryMessage.way != "out",
    )
    return int(work.session.scalar(counted) or 0)
