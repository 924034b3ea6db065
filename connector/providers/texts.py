"""Bytes to text, forms to fields: what has to be told from the body because labels are wrong."""

import base64
import binascii
import re
from contextlib import suppress
from urllib.parse import parse_qsl, unquote_to_bytes

from connector.calls.rejections import RejectionCode
from connector.providers.base import MappingError

_ENCODED = re.compile(rb"%[0-9A-Fa-f]{2}")
_MAX_FIELDS = 200


def decode_text(body: bytes) -> str:
    """UTF-8 with or without a byte order mark, else Latin-1, which takes anything."""
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("latin-1")


def form_fields(body: bytes) -> list[tuple[str, str]]:
    """Name and value pairs of an urlencoded form, blank ones included. Raises MappingError."""
    try:
        text = body.decode("utf-8", "replace")
        return parse_qsl(text, keep_blank_values=True, max_num_fields=_MAX_FIELDS)
    except ValueError:
        raise MappingError(RejectionCode.UNREADABLE, "The form has too many fields.") from None


def document_in(body: bytes, name: bytes) -> str:
    """The JSON or XML in a body, whatever its content type says.

    Either the body is the document itself, or a form whose one field holds it: percent-encoded,
    or in base64 with + / = as they are (a form parser would make spaces of the +). FreeSWITCH's
    files of calls that it could not deliver hold the value alone, without the field's name.
    """
    text = body.strip()
    if not _is_document(text):
        text = _form_value(text, name)
    if not _is_document(text):
        raise MappingError(RejectionCode.UNREADABLE, "Neither JSON nor XML was found in it.")
    return decode_text(text)


def _form_value(body: bytes, name: bytes) -> bytes:
    _, found, value = (b"&" + body).partition(b"&" + name + b"=")
    if not found:
        return _value_alone(body)
    value = value if _is_document(value.strip()) else value.partition(b"&")[0]
    if _is_document(value.strip()):
        return value.strip()
    percent = unquote_to_bytes(value.replace(b"+", b" ")).strip()
    return percent if _is_document(percent) else _from_base64(value)


def _value_alone(body: bytes) -> bytes:
    percent = unquote_to_bytes(body).strip()
    if _is_document(percent):
        return percent
    with suppress(MappingError):
        if _is_document(text := _from_base64(body)):
            return text
    raise MappingError(RejectionCode.WRONG_SHAPE, "The form has no field for the record.")


def _from_base64(value: bytes) -> bytes:
    """Standard or URL-safe alphabet, with or without padding, escaped or not."""
    if _ENCODED.search(value):
        value = unquote_to_bytes(value)
    value = re.sub(rb"[\r\n\t]", b"", value).replace(b" ", b"+").translate(_URL_SAFE)
    value = value.rstrip(b"=")
    try:
        return base64.b64decode(value + b"=" * (-len(value) % 4), validate=True).strip()
    except (binascii.Error, ValueError):
        raise MappingError(RejectionCode.UNREADABLE, "It is not base64.") from None


_URL_SAFE = bytes.maketrans(b"-_", b"+/")


def _is_document(text: bytes) -> bool:
    return text.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[", b"<")
