"""Headers that can be sent, and bodies that end."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import httpx

from connector.calls.bodies import BodyTooLarge, BrokenCompression, SuspiciousRatio, inflate
from connector.outbound.failures import BadRequest, Garbled, TooBig

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", re.ASCII)
_VALUE = re.compile(r"[^\x00-\x08\x0a-\x1f\x7f]*")
OURS: Final = ((b"user-agent", b"Silta"), (b"accept-encoding", b"gzip"), (b"connection", b"close"))


def encode_headers(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    """Names and values as they go out: ISO 8859-1, which is what HTTP/1.1 fields are to old
    servers (RFC 9110, 5.5); a library's guess would send `ä` as two bytes and break signatures.

    Raises BadRequest for line breaks, other controls, and letters that ISO 8859-1 has not.
    """
    said = {name.lower() for name in headers}
    encoded = [pair for pair in OURS if pair[0].decode() not in said]
    for name, value in headers.items():
        if not _NAME.fullmatch(name) or not _VALUE.fullmatch(value) or value != value.strip():
            raise BadRequest(log="a header with characters that cannot be sent")
        try:
            encoded.append((name.encode("ascii"), value.encode("latin-1")))
        except UnicodeEncodeError:
            raise BadRequest(log=f"header {name} beyond ISO 8859-1") from None
    return encoded


def read_limited(chunks: Iterable[bytes], *, limit: int, host: str) -> bytes:
    """The body as sent, or TooBig as soon as it is longer than the limit."""
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) > limit:
            raise TooBig(log=f"{host}, more than {limit} bytes")
    return bytes(body)


def decode_body(body: bytes, headers: httpx.Headers, *, limit: int, ratio: int, host: str) -> bytes:
    """The body before Content-Encoding. gzip alone was asked for."""
    encodings = list(_encodings(headers))
    if not body or not encodings:
        return body
    if encodings != ["gzip"]:
        raise Garbled(log=f"{host}, an encoding that was not asked for", maybe_done=True)
    try:
        return inflate(body, limit=limit, ratio=ratio)
    except (BodyTooLarge, SuspiciousRatio) as error:
        raise TooBig(log=f"{host}, {error.code}", maybe_done=True) from None
    except BrokenCompression:
        raise Garbled(log=f"{host}, broken gzip", maybe_done=True) from None


def _encodings(headers: httpx.Headers) -> Iterator[str]:
    for part in headers.get("content-encoding", "").lower().split(","):
        if part.strip() not in ("", "identity"):
            yield part.strip().removeprefix("x-")
