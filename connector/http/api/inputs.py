"""What a request carries, read strictly: media type, size, syntax, then the typed object.

The order is that of the answers: 415 for a media type that is not read here, 413 for a size, 400
for what is not JSON, 422 for JSON that breaks a rule. Unknown fields and names given twice are
refused (ATTACK 43, 55). Messages name a field and what is wanted, never what was sent.
"""

import json
import re
from typing import Final, NoReturn, TypeVar

import msgspec
from flask import request

from privacy.core.errors import BadInput, Invalid, TooLarge, UnsupportedMedia

JSON: Final = "application/json"
BODY_LIMIT: Final = 65_536
T = TypeVar("T")

_PLACE = re.compile(r" - at `\$(?P<path>[^`]*)`")
_MISSING = re.compile(r"missing required field `(?P<name>[a-z_]+)`")
_STEP = re.compile(r"\.([A-Za-z_0-9]+)|\[(\d+|\.\.\.)\]")
_SYNTAX_ERRORS: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError)


class MalformedJson(BadInput):
    """The body is not JSON."""

    code = "malformed_json"
    message = "The body is not valid JSON (RFC 8259). Check its syntax and encoding (UTF-8)."


class DuplicateName(BadInput):
    """An object has a name twice, so that readers would disagree about its meaning."""

    code = "duplicate_name"
    message = "An object in the body has the same name twice. Send each name once."


def read_json(kind: type[T], *, limit: int = BODY_LIMIT) -> T:
    """The request's JSON body as `kind`.

    Raises UnsupportedMedia, TooLarge, MalformedJson, DuplicateName, Invalid.
    """
    if request.mimetype != JSON:
        raise UnsupportedMedia("Send the body as application/json.")
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise UnsupportedMedia("Send this body uncompressed.")
    return decode(kind, raw_body(limit))


def raw_body(limit: int) -> bytes:
    """The body's bytes, never more than `limit` of them in memory. Raises TooLarge."""
    request.max_content_length = limit
    if (request.content_length or 0) > limit:
        raise TooLarge
    return request.get_data(cache=False, parse_form_data=False)


def decode(kind: type[T], body: bytes) -> T:
    """`body` as `kind`, strictly. Raises as `read_json`."""
    try:
        json.loads(body, object_pairs_hook=_once, parse_constant=_no_constant)
        return msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError as error:
        raise Invalid(fields=explain(error, kind)) from None
    except _SYNTAX_ERRORS:
        raise MalformedJson from None


def read_query(kind: type[T]) -> T:
    """The query as `kind`: numbers and dates from text, each name once, none unknown."""
    sent = request.args.to_dict(flat=False)
    if any(len(values) > 1 for values in sent.values()):
        raise Invalid("A query parameter is given twice. Send each one once.")
    try:
        flat = {name: values[0] for name, values in sent.items()}
        return msgspec.convert(flat, type=kind, strict=False)
    except msgspec.ValidationError as error:
        raise Invalid(fields=explain(error, kind)) from None


def explain(error: msgspec.ValidationError, kind: object = None) -> dict[str, str]:
    """Pointer (RFC 6901) to text, in our words: the decoder's can repeat what was sent.

    Of a whole that is a `kind` the fields are named that it may have.
    """
    text = str(error)
    found = _PLACE.search(text)
    pointer = _pointer(found["path"] if found else "")
    missing = _MISSING.search(text)
    if missing:
        return {f"{pointer}/{missing['name']}": "This field is required."}
    if "unknown field" in text:
        return {pointer: _UNKNOWN + ("" if pointer else _known(kind))}
    return {pointer: _wanted(text)}


def _known(kind: object) -> str:
    names: tuple[str, ...] = getattr(kind, "__struct_encode_fields__", ())
    return f" Known are: {', '.join(names)}." if names else ""


def _pointer(path: str) -> str:
    return "".join(f"/{name or place}" for name, place in _STEP.findall(path))


_UNKNOWN: Final = "There is a field here that is not in the API. Leave it out."
_SAFE = re.compile(r"^Expected `[^`]{1,60}`(, got `[a-z0-9]{1,20}`)?$")
_BOUND = re.compile(r"^Expected `(?P<kind>\w+)` (of length )?(?P<sign>[<>])= (?P<bound>-?[0-9.]+)$")
_PIECES: Final = {"str": "characters", "bytes": "bytes", "array": "items", "object": "fields"}


def _wanted(text: str) -> str:
    if text.startswith("Invalid enum value"):
        return "This is not one of the values in the API."
    if "timezone" in text or "RFC3339" in text:
        return "A date and time with offset is wanted, like 2026-03-29T10:00:00Z (RFC 3339)."
    if "UUID" in text:
        return "A UUID is wanted."
    said = text.partition(" - at")[0]
    if bound := _BOUND.match(said):
        return _beyond(bound["kind"], bound["sign"], bound["bound"])
    if "matching regex" in said:
        return "This is not written as the API wants it."
    expected = _SAFE.match(said)
    return f"{expected[0]}.".replace("`", "") if expected else "This value is not accepted."


def _beyond(kind: str, sign: str, bound: str) -> str:
    """Which bound it broke; of lengths, in what they are counted."""
    pieces = _PIECES.get(kind)
    if pieces and (sign, bound) == (">", "1"):
        return "This must not be empty."
    side = "at least" if sign == ">" else "at most"
    if pieces is None:
        return f"This must be {side} {bound}."
    return f"This must have {side} {bound} {pieces[:-1] if bound == '1' else pieces}."


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise DuplicateName
    return made


def _no_constant(_: str) -> NoReturn:
    """NaN and Infinity are no JSON, whatever the standard library thinks."""
    raise ValueError
