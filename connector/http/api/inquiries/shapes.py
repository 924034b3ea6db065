"""Inquiries as the API shows and takes them."""

import uuid
from datetime import date, datetime
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta

from connector.inquiries.channels import Channel, Topic, Unofficial
from connector.inquiries.states import InquiryState
from connector.inquiries.views import InquiryView, MessageView, Thread

Text = Annotated[str, Meta(min_length=1, max_length=5000)]
Short = Annotated[str, Meta(min_length=1, max_length=200)]
Address = Annotated[str, Meta(min_length=3, max_length=254)]
Number = Annotated[str, Meta(min_length=1, max_length=40)]
Cursor = Annotated[str, Meta(min_length=1, max_length=200, description="next_cursor, unchanged.")]
Limit = Annotated[int, Meta(ge=1, le=100, description="The most that a page holds.")]
Agreed = Annotated[datetime, Meta(tz=True, description="When the person agreed.")]


class Inquiry(msgspec.Struct, frozen=True):
    """The head of a thread. `ends_on` is the first day on which nothing of it is left."""

    id: uuid.UUID
    reference: str
    service: str
    channel: Channel
    unofficial: Unofficial | None
    state: InquiryState
    name: str
    email: str | None
    telephone: str | None
    company: str | None
    topic: str | None
    language: str | None
    notice: str | None
    opened_at: datetime
    last_message_at: datetime
    ends_on: date


class Message(msgspec.Struct, frozen=True):
    """One message. `way`: in from the person, out to the person, note among colleagues, other for
    a mail from another address than the person's, which is its `sender`."""

    id: uuid.UUID
    way: str
    text: str
    mailed: bool
    at: datetime
    sender: str | None


class WholeInquiry(msgspec.Struct, frozen=True):
    """A thread with its messages, the oldest first."""

    inquiry: Inquiry
    messages: list[Message]


class FoundInquiries(msgspec.Struct, frozen=True):
    """A page, the thread with the latest message first. Without `next_cursor` it is the last."""

    inquiries: list[Inquiry]
    next_cursor: str | None


class InquiryQuery(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Which threads; nothing personal, for this stands in the URL."""

    state: InquiryState | None = None
    channel: Channel | None = None
    cursor: Cursor | None = None
    limit: Limit = 50


class InquirySearch(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Whose threads: by address or number, in any usual spelling."""

    email: Address | None = None
    telephone: Number | None = None
    region: Annotated[str, Meta(pattern="^[A-Z]{2}$")] | None = None
    cursor: Cursor | None = None
    limit: Limit = 50


class Consented(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The person's leave to be written to over somebody else's service."""

    channel: Unofficial
    at: Agreed
    handle: Annotated[str, Meta(max_length=100)] | None = None


class NewInquiry(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """An inquiry that came another way: by chat, ticket, telephone, or your own form.

    `consent` is needed for `unofficial`, and for no other channel.
    """

    service: Annotated[str, Meta(pattern="^[A-Z]$")]
    channel: Channel
    message: Text
    name: Short | None = None
    email: Address | None = None
    telephone: Number | None = None
    company: Short | None = None
    topic: Topic | None = None
    language: Annotated[str, Meta(pattern="^[a-z]{2}$")] | None = None
    notice: Annotated[str, Meta(max_length=40, pattern="^[A-Za-z0-9.-]+$")] | None = None
    consent: Consented | None = None


class NewAnswer(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """An answer by mail; `answers_to` is where the person's reply goes. Without it replies arrive
    in the thread, where the installation reads a mailbox; where it does not, it is needed."""

    text: Text
    answers_to: Address | None = None


class Recorded(msgspec.Struct, frozen=True):
    """It is stored. A test key stores nothing: both are null."""

    id: uuid.UUID | None
    reference: str | None


class Moved(msgspec.Struct, frozen=True):
    """Where the thread stands now."""

    id: uuid.UUID
    state: InquiryState


def inquiry_of(view: InquiryView) -> Inquiry:
    """`view` for an answer."""
    contact = view.contact
    return Inquiry(
        id=view.id,
        reference=view.reference,
        service=view.service,
        channel=Channel(view.channel),
        unofficial=Unofficial(view.channel_name) if view.channel_name else None,
        state=InquiryState(view.state),
        name=contact.name,
        email=contact.email,
        telephone=contact.telephone,
        company=contact.company,
        topic=contact.topic,
        language=contact.language,
        notice=view.notice,
        opened_at=view.opened_at,
        last_message_at=view.last_message_at,
        ends_on=view.ends_on,
    )


def whole_of(thread: Thread) -> WholeInquiry:
    """`thread` for an answer; its technical log stays with us."""
    return WholeInquiry(inquiry_of(thread.head), [_message(view) for view in thread.messages])


def _message(view: MessageView) -> Message:
    return Message(view.id, view.way, view.text, view.mailed, view.at, view.sender)


ID: Final = "0198c0de-0000-7000-8000-0000000000c1"
EXAMPLE: Final[dict[str, Any]] = {
    "id": ID,
    "reference": "K7Q2-9XHM-4",
    "service": "C",
    "channel": "form",
    "unofficial": None,
    "state": "open",
    "name": "Robin Example",
    "email": "robin@example.org",
    "telephone": "+46 31 390 06 01",
    "company": None,
    "topic": None,
    "language": "sv",
    "notice": "C-2026-01-01",
    "opened_at": "2026-11-22T09:15:00Z",
    "last_message_at": "2026-11-22T09:15:00Z",
    "ends_on": "2028-11-21",
}
MESSAGE: Final[dict[str, Any]] = {
    "id": "0198c0de-0000-7000-8000-0000000000c2",
    "way": "in",
    "text": "Please call me.",
    "mailed": False,
    "at": "2026-11-22T09:15:00Z",
    "sender": None,
}
