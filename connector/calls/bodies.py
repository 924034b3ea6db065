"""Request bodies, inflated with a limit while they are read."""

import zlib
from http import HTTPStatus
from typing import Final

from privacy.core.errors import BadInput, TooLarge, UnsupportedMedia

LIMIT: Final = 10 * 1024 * 1024
"""Bytes after inflation."""
RATIO: Final = 100
FREE: Final = 65_536
"""Below this size the ratio is not looked at: a few hundred equal bytes compress well."""

MEMBERS: Final = 1_000
"""Members of one body. The block formats make one of each 64 KiB; empty ones are only made to
cost time."""

_CHUNK: Final = 65_536
_GZIP: Final = 16 + zlib.MAX_WBITS


class BodyTooLarge(TooLarge):
    """More than the limit, as sent or after inflation."""

    code = "body_too_large"
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    message = "The body is larger than 10 MiB after inflation. Send it in smaller parts."


class SuspiciousRatio(TooLarge):
    """A body that inflates to far more than call records do."""

    code = "suspicious_ratio"
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    message = "The body inflates too much. Send it uncompressed, or in smaller parts."


class BrokenCompression(BadInput):
    """Not gzip, cut short, or with something behind it."""

    code = "broken_compression"
    message = "The body is not complete gzip data. Compress it again, or send it uncompressed."


def read_body(body: bytes, encoding: str | None, *, limit: int = LIMIT) -> bytes:
    """The body as it was before `Content-Encoding`; none, identity and gzip are read."""
    kind = (encoding or "identity").strip().lower()
    if kind in {"gzip", "x-gzip"}:
        return inflate(body, limit=limit)
    if kind != "identity":
        raise UnsupportedMedia("Send the body uncompressed or with Content-Encoding: gzip.")
    if len(body) > limit:
        raise BodyTooLarge
    return body


def inflate(body: bytes, *, limit: int = LIMIT, ratio: int = RATIO) -> bytes:
    """Inflate gzip, never holding more than the limit and one chunk.

    Raises BodyTooLarge, SuspiciousRatio, BrokenCompression. Several members in a row are one
    body (RFC 1952, §2.2).
    """
    if len(body) > limit:
        raise BodyTooLarge
    if not body:
        raise BrokenCompression
    inflated, at, members = bytearray(), 0, 0
    while at < len(body):
        members += 1
        if members > MEMBERS:
            raise SuspiciousRatio
        at = _inflate_member(body, at, inflated, limit, ratio)
    return bytes(inflated)


def _inflate_member(body: bytes, at: int, into: bytearray, limit: int, ratio: int) -> int:
    """Append the content of the member that begins at `at`; where it ends.

    Bytes go in by chunks: what the reader leaves over, it copies, and a copy of all the rest for
    each member would make a body of many small ones cost its size squared (ATTACK 47).
    """
    reader = zlib.decompressobj(_GZIP)
    while not reader.eof:
        given = reader.unconsumed_tail
        if not given:
            given = body[at : at + _CHUNK]
            at += len(given)
        try:
            into += reader.decompress(given, _CHUNK)
        except zlib.error:
            raise BrokenCompression from None
        _refuse_bomb(len(into), len(body), limit, ratio)
        if not given and not reader.eof:
            raise BrokenCompression
    return at - len(reader.unused_data)


def _refuse_bomb(inflated: int, sent: int, limit: int, ratio: int) -> None:
    if inflated > limit:
        raise BodyTooLarge
    if inflated > max(FREE, sent * ratio):
        raise SuspiciousRatio
