"""Texts of others without our secrets: Netvisor's error texts can echo what was signed."""

import base64
import re
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import quote

REDACTED: Final = "[…]"
LONGEST: Final = 300
_HEXADECIMAL = re.compile(r"[0-9A-Fa-f]{24,}")
_JOINED = re.compile(r"[^\s&]*&\S*")
_PARTS: Final = 3
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
_LEAST: Final = 4


def redact(text: str, secrets: Iterable[str]) -> str:
    """One short line that holds no secret, plain or encoded, no digest, no signed string."""
    text = text[: LONGEST * 10]
    for spelling in sorted(set(_spellings(secrets)), key=len, reverse=True):
        text = re.sub(re.escape(spelling), REDACTED, text, flags=re.IGNORECASE)
    if text.count("&") >= _PARTS:
        text = _JOINED.sub(REDACTED, text)
    text = _HEXADECIMAL.sub(REDACTED, text)
    text = " ".join(_CONTROLS.sub(" ", text).split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _spellings(secrets: Iterable[str]) -> Iterator[str]:
    for secret in secrets:
        if len(secret) < _LEAST:
            continue
        for raw in (secret.encode("latin-1", "replace"), secret.encode()):
            yield raw.hex()
            yield quote(raw)
            yield from (_base64_core(raw, shift) for shift in range(3))
        yield secret


def _base64_core(raw: bytes, shift: int) -> str:
    """The letters of base64 that `raw` alone decides, when `shift` bytes stand before it."""
    text = base64.b64encode(bytes(shift) + raw).decode()
    return text[-(-shift * 8 // 6) : (shift + len(raw)) * 8 // 6]
