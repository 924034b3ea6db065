"""What ASGI says of a request (https://asgi.readthedocs.io/en/latest/specs/www.html), typed."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

LENGTH: Final = b"content-length"
ENCODING: Final = b"transfer-encoding"


def header(scope: Scope, name: bytes) -> bytes | None:
    """The last header of that name; names are in small letters."""
    found = None
    for each, value in scope["headers"]:
        if each == name:
            found = value
    return found


def announced(scope: Scope) -> int | None:
    """Bytes that the body will have; 0 without one, None when only its end will tell."""
    if header(scope, ENCODING) is not None:
        return None
    length = header(scope, LENGTH)
    return int(length) if length else 0
