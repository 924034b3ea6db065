"""Headers of a mail that a stranger wrote: decoded, shortened, never trusted."""

import codecs
import re
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import parsedate_to_datetime
from typing import Final

from privacy.identities.shapes import folded

Headers = Message
_LONGEST: Final = 4_000
_MOST_ADDRESSES: Final = 50
_OURS: Final = re.compile(
    r"<([0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})@[^<>\s]{1,255}>"
)
_SPEC: Final = r'[^\s<>"(),;:@\[\]]{1,64}@[^\s<>"(),;:@\[\]]{1,255}'
_ADDRESS: Final = re.compile(_SPEC)
_ONE: Final = re.compile(rf"""(?:"(?:[^"\\]|\\.)*"|[^"<>@,;:]*) ?<({_SPEC})>|({_SPEC})""")
"""One address with or without a name (RFC 5322 §3.4); lists, groups and routes are none."""
_TO: Final = ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc")
"""A mail that was redirected has the address that we gave out in the first three only."""
_CHARSETS: Final = re.compile(
    r"utf-8|ascii|utf-16|iso8859|cp\d|koi8|gb|big5|shift_jis|euc|iso2022|mac-", re.ASCII
)
"""Others of the library's are slow on hostile input, or mean no text."""


def first(headers: Headers, name: str) -> str:
    """The raw text of a header; empty where there is none."""
    for value in headers.get_all(name, []):
        return str(value)[:_LONGEST]
    return ""


def decoded(text: str) -> str:
    """A header's encoded words (RFC 2047) as text, on one line."""
    try:
        parts = decode_header(text)
    except (HeaderParseError, ValueError):
        return _line(text)
    return _line("".join(_part(part, charset) for part, charset in parts))


def text_of(data: bytes, charset: str | None) -> str:
    """Bytes of a mail as text, whatever they claim to be. Never raises."""
    try:
        name = codecs.lookup(charset or "utf-8").name
    except (LookupError, ValueError):
        name = "utf-8"
    if not _CHARSETS.match(name):
        name = "utf-8"
    try:
        return data.decode(name, errors="replace")
    except (UnicodeError, LookupError):
        return data.decode("utf-8", errors="replace")


def sender_of(headers: Headers) -> str:
    """The one address in From, as it is compared; empty where that is not clear."""
    lines = headers.get_all("From", [])
    if len(lines) != 1:
        return ""
    found = _ONE.fullmatch(" ".join(str(lines[0])[:_LONGEST].split()))
    return folded(found[1] or found[2]) if found else ""


def addressed_to(headers: Headers) -> tuple[str, ...]:
    """Everything that looks like an address of a recipient, lower case."""
    lines = [str(value)[:_LONGEST] for name in _TO for value in headers.get_all(name, [])]
    found = _ADDRESS.findall(" ".join(lines[:_MOST_ADDRESSES]).lower())
    return tuple(dict.fromkeys(found))[:_MOST_ADDRESSES]


def answered(headers: Headers) -> Iterator[uuid.UUID]:
    """Mails of ours that this one says it replies to (RFC 5322 §3.6.4), nearest first."""
    lines = first(headers, "In-Reply-To"), first(headers, "References")
    for line in lines:
        yield from map(uuid.UUID, reversed(_OURS.findall(line)))


def sent_at(headers: Headers) -> datetime | None:
    """What Date says, in UTC; None where that is no time."""
    try:
        at = parsedate_to_datetime(first(headers, "Date"))
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _part(part: bytes | str, charset: str | None) -> str:
    return part if isinstance(part, str) else text_of(part, charset)


def _line(text: str) -> str:
    return " ".join(text.split())
