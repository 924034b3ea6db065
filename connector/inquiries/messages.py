"""Messages of a thread. Each one moves the thread's end on (promise B2)."""

import uuid
from typing import Literal

from connector.inquiries.contents import Message
from connector.inquiries.keeping import ends_on
from connector.inquiries.models import Inquiry, InquiryMessage
from connector.inquiries.seals import seal_message
from privacy.core.db.work import ActorKind, UnitOfWork
from privacy.core.ids import new_id
from privacy.vault.keyring import Keyring

Way = Literal["in", "out", "note"]


def add_message(
    work: UnitOfWork,
    *,
    vault: Keyring,
    row: Inquiry,
    way: Way,
    text: str,
    mail_id: uuid.UUID | None = None,
) -> uuid.UUID:
    """One more message. A note among the tenant's people is none, and moves nothing."""
    message_id = new_id()
    person = work.actor.kind in (ActorKind.USER, ActorKind.API_KEY) and way != "in"
    work.session.add(
        InquiryMessage(
            tenant_id=work.tenant_id,
            id=message_id,
            inquiry_id=row.id,
            way=way,
            author_id=work.actor.id if person else None,
            mail_id=mail_id,
            text_sealed=seal_message(work, vault, message_id, Message(text)),
            at=work.now,
        )
    )
    if way != "note":
        row.last_message_at = work.now
        move_end(work, row)
    work.session.flush()
    return message_id


def move_end(work: UnitOfWork, row: Inquiry) -> None:
    """Count the end anew from the last message, in the state and channel that the thread has."""
    last = row.last_message_at.astimezone(work.now.tzinfo).date()
    row.ends_on = ends_on(row.service, channel=row.channel, state=row.state, last=last)
