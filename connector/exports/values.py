"""Sealed values as JSON, and back to the very bytes: readable where they can be read.

Most are MessagePack or UTF-8. What is neither, or would not come back byte by byte, is Base64.
"""

import math
from base64 import b64decode, b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

_encoder: Final = msgspec.msgpack.Encoder()
_decoder: Final = msgspec.msgpack.Decoder()
_AT, _BYTES = "$at", "$base64"


class NotPortable(ValueError):
    """It is no value of ours."""


def told(plain: bytes) -> dict[str, Any]:
    """`{"data": …}`, `{"text": …}` or `{"base64": …}`."""
    data = _data(plain)
    if data is not None:
        return {"data": data}
    try:
        return {"text": plain.decode()}
    except UnicodeDecodeError:
        return {"base64": b64encode(plain).decode()}


def meant(value: Any) -> bytes:
    """The bytes that `told` was given. Raises NotPortable."""
    if not isinstance(value, dict) or len(value) != 1:
        raise NotPortable
    [(form, content)] = value.items()
    read = _FORMS.get(form)
    if read is None:
        raise NotPortable
    try:
        return read(content)
    except (TypeError, ValueError, AttributeError, msgspec.MsgspecError):
        raise NotPortable from None


def _data(plain: bytes) -> Any:
    """None where it is no list or map of MessagePack that comes back as it was."""
    try:
        found = _decoder.decode(plain)
        if not isinstance(found, list | dict) or _encoder.encode(found) != plain:
            return None
        plainer = _tagged(found)
        return plainer if _encoder.encode(_untagged(plainer)) == plain else None
    except (msgspec.MsgspecError, ValueError, TypeError, RecursionError):
        return None


def _tagged(value: Any) -> Any:
    if isinstance(value, dict):
        if not all(isinstance(key, str) and not key.startswith("$") for key in value):
            raise NotPortable
        return {key: _tagged(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_tagged(one) for one in value]
    if isinstance(value, datetime):
        return {_AT: value.astimezone(UTC).isoformat()}
    if isinstance(value, bytes):
        return {_BYTES: b64encode(value).decode()}
    if isinstance(value, msgspec.msgpack.Ext):
        raise NotPortable
    if isinstance(value, float) and not math.isfinite(value):
        raise NotPortable
    return value


def _untagged(value: Any) -> Any:
    if isinstance(value, list):
        return [_untagged(one) for one in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1 and _AT in value:
        return datetime.fromisoformat(value[_AT])
    if len(value) == 1 and _BYTES in value:
        return b64decode(value[_BYTES], validate=True)
    return {key: _untagged(one) for key, one in value.items()}


_FORMS: Final[dict[str, Callable[[Any], bytes]]] = {
    "data": lambda content: _encoder.encode(_untagged(content)),
    "text": lambda content: str.encode(content),
    "base64": lambda content: b64decode(content, validate=True),
}
