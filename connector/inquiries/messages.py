"""Messages of a thread. Each one moves the thread's end on (promise B2)."""

import uuid
from typing import Literal

from connector.inquiries.contents import Message
from connector.inquiries.keeping import ends_on
from connector.inquiries.models import Inquiry, InquiryMessage
from connector.inquiries.seals import seal_message
from privacy.core.db.work import ActorKind, UnitOfWork
from privacy.core.ids import new_id
from privacy.profiles.derived import derived_profile
from privacy.vault.keyring import Keyring

Way = Literal["in", "out", "note", "other"]


def add_message(
    work: UnitOfWork,
    *,
    vault: Keyring,
    row: Inquiry,
    way: Way,
    message: Message,
    mail_id: uuid.UUID | None = None,
    sender_digest: bytes | None = None,
) -> uuid.UUID:
    """One more message. A note among the tenant's people is none, and moves nothing; nor does
    what came from another address than the person's (`sender_digest`: whose it is)."""
    message_id = new_id()
    person = work.actor.kind in (ActorKind.USER, ActorKind.API_KEY) and way in ("out", "note")
    work.session.add(
        InquiryMessage(
            tenant_id=work.tenant_id,
            id=message_id,
            inquiry_id=row.id,
            way=way,
            author_id=work.actor.id if person else None,
            mail_id=mail_id,
            sender_digest=sender_digest,
            text_sealed=seal_message(work, vault, message_id, message),
            at=work.now,
        )
    )
    if way in ("in", "out"):
        row.last_message_at = work.now
        move_end(work, row)
    work.session.flush()
    return message_id


def move_end(work: UnitOfWork, row: Inquiry) -> None:
    """Count the end anew from the last message, in the state and channel that the thread has."""
    last = row.last_message_at.astimezone(work.now.tzinfo).date()
    rules = derived_profile(work, row.service)
    row.ends_on = ends_on(rules, channel=row.channel, state=row.state, last=last)
