"""Bytes of a mail, as somebody outside wrote them, read into an `Incoming`. Never raises.

What nests too deep is not opened: of such a mail only the headers are read.
"""

import hashlib
from collections.abc import Iterator
from email.parser import BytesHeaderParser, BytesParser
from email.policy import Compat32
from typing import Final

from privacy.mailboxes import headers, machines
from privacy.mailboxes.headers import Headers
from privacy.mailboxes.markup import text_of_markup, without_quotation
from privacy.mailboxes.shapes import Automatic, Incoming

LARGEST: Final = 1_000_000
"""Bytes of a mail that are fetched and read. Text comes first, attachments after it."""
LONGEST_TEXT: Final = 100_000
_MOST_NESTED: Final = 40
"""Boundaries and mails within the mail; the parser takes time for each in every line."""
_MOST_LOOKS: Final = 2_000_000
"""Lines times boundaries: a large mail of a person has a tenth of that."""
_LONGEST_HEADER: Final = 8_000
"""Letters of a header; the library takes the square of their number for its parameters."""


class _Shortened(Compat32):
    """Reads headers as long as anybody means them."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:_LONGEST_HEADER]


_POLICY: Final = _Shortened()


def parse(data: bytes, *, size: int | None = None) -> Incoming:
    """Read a mail.

    Args:
        data: its first LARGEST bytes, or less.
        size: how large it is as a whole.
    """
    data, whole = data[:LARGEST], len(data) if size is None else size
    lower = data.lower()
    nested = lower.count(b"boundary") + lower.count(b"message/rfc822")
    if nested > _MOST_NESTED or nested * data.count(b"\n") > _MOST_LOOKS:
        return _read(_heads(data), data, cut=True)
    try:
        mail = BytesParser(policy=_POLICY).parsebytes(data)
        return _read(mail, data, cut=whole > len(data))
    except (RecursionError, ValueError, LookupError, TypeError, AttributeError):
        return _read(_heads(data), data, cut=True)


def _heads(data: bytes) -> Headers:
    """Headers alone, without those that say how to read a body: they may be what failed."""
    read = BytesHeaderParser(policy=_POLICY).parsebytes(data.split(b"\r\n\r\n")[0])
    for name in ("Content-Type", "Content-Disposition", "Content-Transfer-Encoding"):
        del read[name]
    return read


def _read(mail: Headers, data: bytes, *, cut: bool) -> Incoming:
    machine = machines.automatic(mail)
    texts, left_out = _texts(mail)
    bounce = machine is Automatic.BOUNCE
    answers = machines.bounced(mail) if bounce else headers.answered(mail)
    return Incoming(
        fingerprint=_fingerprint(mail, data),
        sender=headers.sender_of(mail),
        subject=headers.decoded(headers.first(mail, "Subject"))[:500],
        text=without_quotation(texts[:LONGEST_TEXT]),
        sent_at=headers.sent_at(mail),
        addresses=headers.addressed_to(mail),
        answers=tuple(dict.fromkeys(answers))[:20],
        automatic=machine,
        status=machines.status_of(mail) if bounce else "",
        attachments=left_out,
        cut=cut or len(texts) > LONGEST_TEXT,
    )


def _texts(mail: Headers) -> tuple[str, int]:
    """The first part with text that is no attachment, plain before marked up; and how many
    parts were left out."""
    plain, marked, left_out = "", "", 0
    for part in _leaves(mail):
        kind, attached = part.get_content_type(), part.get_content_disposition() == "attachment"
        if attached or kind not in ("text/plain", "text/html"):
            left_out += 1
        elif kind == "text/plain":
            plain = plain or _content(part)
        else:
            marked = marked or _content(part)
    return plain or text_of_markup(marked), left_out


def _leaves(mail: Headers) -> Iterator[Headers]:
    """Parts with a content of their own; a mail within the mail is one of them."""
    parts = [] if mail.get_content_maintype() == "message" else machines.inside(mail)
    if not parts:
        yield mail
    for part in parts:
        yield from _leaves(part)


def _content(part: Headers) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    text = headers.text_of(payload, _charset(part))
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip()


def _charset(part: Headers) -> str | None:
    """What it claims to be; the library fails on some claims (RFC 2231 with a NUL, or twice)."""
    try:
        return part.get_content_charset()
    except (ValueError, TypeError, LookupError):
        return None


def _fingerprint(mail: Headers, data: bytes) -> bytes:
    """Of what does not change on the way: servers on the way only add headers."""
    fixed = [headers.first(mail, name) for name in ("Message-ID", "Date", "From", "Subject")]
    body = data.partition(b"\r\n\r\n")[2]
    joined = "\0".join(fixed).encode("utf-8", "surrogateescape") + b"\0" + body
    return hashlib.sha256(joined).digest()
