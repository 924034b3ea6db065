"""What is sealed of an inquiry: who asked, what was said, and from which device."""

from datetime import datetime

import msgspec


class Contact(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Whoever asks, as far as they said. `email` is as it will be written to."""

    name: str
    email: str | None = None
    telephone: str | None = None
    company: str | None = None
    topic: str | None = None
    handle: str | None = None
    """Their name on an unofficial channel."""
    language: str | None = None

    def __repr__(self) -> str:
        return "<Contact>"


class Technical(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The technical log of a web inquiry (promise A4); what a profile does not declare is None."""

    ip_address: str | None = None
    user_agent: str | None = None
    language: str | None = None
    page: str | None = None
    visited_at: datetime | None = None

    def __repr__(self) -> str:
        return "<Technical>"


class Message(msgspec.Struct, frozen=True, omit_defaults=True):
    """One message's text, in plain characters and line feeds; and of a mail from another address
    than the person's, which one."""

    text: str
    sender: str | None = None
    left_out: int = 0
    """Attachments that were not kept."""
    cut: bool = False
    """Whether the mail was too long to be kept as a whole."""

    def __repr__(self) -> str:
        return "<Message>"


def encode(what: msgspec.Struct) -> bytes:
    """MessagePack, to be sealed."""
    return msgspec.msgpack.encode(what)


def contact_of(data: bytes) -> Contact:
    """The opposite of `encode`."""
    return msgspec.msgpack.decode(data, type=Contact)


def message_of(data: bytes) -> Message:
    """The opposite of `encode`."""
    return msgspec.msgpack.decode(data, type=Message)


def technical_of(data: bytes) -> Technical:
    """The opposite of `encode`."""
    return msgspec.msgpack.decode(data, type=Technical)
