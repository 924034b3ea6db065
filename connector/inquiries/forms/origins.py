"""Web origins (RFC 6454) whose pages may embed a form."""

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

from privacy.core.errors import Invalid

MOST: Final = 20
_HOST = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9-]{1,63}")
_LOOPBACK: Final = ("localhost", "127.0.0.1")


def checked_origins(texts: Iterable[str]) -> list[str]:
    """Each as a browser sends it: scheme, host, port where it is not the scheme's own.

    Raises:
        Invalid: one is not an https origin (http on loopback only), or there are too many.
    """
    found = sorted({_checked(text) for text in texts if text.strip()})
    if len(found) > MOST:
        raise _wrong(f"Name at most {MOST} origins.")
    return found


def _checked(text: str) -> str:
    try:
        parts = urlsplit(text.strip().lower())
        port = parts.port
    except ValueError:
        raise _wrong() from None
    host = parts.hostname or ""
    plain = parts.path in ("", "/") and not (parts.query or parts.fragment or parts.username)
    allowed = parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK)
    if not (plain and allowed and _HOST.fullmatch(host)):
        raise _wrong()
    usual = {"https": 443, "http": 80}[parts.scheme]
    return f"{parts.scheme}://{host}" + (f":{port}" if port and port != usual else "")


def _wrong(text: str = "Write origins like https://www.example.com, without a path.") -> Invalid:
    return Invalid(fields={"origins": text})
