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
    inflated = bytearray()
    rest = body
    while rest:
        rest = _inflate_member(rest, inflated, len(body), limit, ratio)
    if not body:
        raise BrokenCompression
    return bytes(inflated)


def _inflate_member(rest: bytes, into: bytearray, sent: int, limit: int, ratio: int) -> bytes:
    """Append one member's content; what follows the member."""
    reader = zlib.decompressobj(_GZIP)
    try:
        while not reader.eof:
            into += reader.decompress(rest, _CHUNK)
            _refuse_bomb(len(into), sent, limit, ratio)
            rest = reader.unconsumed_tail
            if not rest and not reader.eof:
                into += reader.flush(_CHUNK)
                break
    except zlib.error:
        raise BrokenCompression from None
    if not reader.eof:
        raise BrokenCompression
    return reader.unused_data


def _refuse_bomb(inflated: int, sent: int, limit: int, ratio: int) -> None:
    if inflated > limit:
        raise BodyTooLarge
    if inflated > max(FREE, sent * ratio):
        raise SuspiciousRatio
