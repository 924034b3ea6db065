"""What a record of the session register says (promise A3): a device, and never a user."""

import hashlib
import uuid
from datetime import datetime
from urllib.parse import urlsplit

import msgspec

_LONGEST = 200


class Usage(msgspec.Struct, frozen=True):
    """One visit. `session` is a digest of the session's id; `host` comes later, by a job."""

    session: bytes
    address: str
    host: str | None
    source: str
    at: datetime


def encode(usage: Usage) -> bytes:
    """MessagePack, to be sealed."""
    return msgspec.msgpack.encode(usage)


def decode(data: bytes) -> Usage:
    """The opposite of `encode`."""
    return msgspec.msgpack.decode(data, type=Usage)


def session_digest(session_id: uuid.UUID) -> bytes:
    """The session as the register knows it."""
    return hashlib.sha256(b"silta session usage\0" + session_id.bytes).digest()


def source_of(referrer: str | None) -> str:
    """Where a visit came from: scheme and host only, for paths and queries can say too much."""
    try:
        parts = urlsplit((referrer or "")[:2000])
        host = parts.hostname
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not host:
        return ""
    return f"{parts.scheme}://{host}"[:_LONGEST]
