"""Many call records in one body: a JSON array, or JSON lines.

The good path is one typed decode of the whole body. JSON allows a name twice in an object and
leaves open which one counts (RFC 8259, §4); the typed decoder takes the last. So the good path
also counts: as many names in the document as fields in the records means that none was there
twice. Only what does not add up, or does not decode, is read again record by record.
"""

import json
import re
from typing import Final

import msgspec
import numpy as np
from msgspec import UNSET, Raw, UnsetType

from connector.calls.rejections import (
    MalformedDocument,
    Rejection,
    RejectionCode,
    TooManyRecords,
    reject,
)
from connector.calls.shapes import IncomingCall, Moment, Text, Version
from privacy.core.errors import UnsupportedMedia

MAX_RECORDS: Final = 10_000
MAX_RECORD_BYTES: Final = 65_536
JSON: Final = "application/json"
LINES: Final = frozenset({"application/x-ndjson", "application/ndjson", "application/jsonl"})

_FIELDS: Final = len(IncomingCall.__struct_fields__)
_NAMES: Final = frozenset(IncomingCall.__struct_fields__)
_COMMAS_PER_RECORD: Final = 50
_FIELD = re.compile(r"`\$\.([a-z_]+)|field `([a-z_]+)`")
_READ_ERRORS: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError)


class Batch(msgspec.Struct, frozen=True):
    """What of a body is a record (with its index in the body, from 0), and what is not."""

    records: list[tuple[int, IncomingCall]]
    rejections: list[Rejection]


class _Sent(IncomingCall, forbid_unknown_fields=True, kw_only=True, gc=False):
    """The same fields, telling a field that was not sent from one that was sent as null."""

    source_id: Text | UnsetType | None = UNSET  # type: ignore[assignment]
    version: Version | UnsetType = UNSET  # type: ignore[assignment]
    caller: Text | UnsetType | None = UNSET  # type: ignore[assignment]
    called: Text | UnsetType | None = UNSET  # type: ignore[assignment]
    user_id: Text | UnsetType | None = UNSET  # type: ignore[assignment]
    contact_person: Text | UnsetType | None = UNSET  # type: ignore[assignment]
    company: Text | UnsetType | None = UNSET  # type: ignore[assignment]
    answered_at: Moment | UnsetType | None = UNSET  # type: ignore[assignment]
    ended_at: Moment | UnsetType | None = UNSET  # type: ignore[assignment]
    account: Text | UnsetType | None = UNSET  # type: ignore[assignment]


_all: Final = msgspec.json.Decoder(list[_Sent])
_each: Final = msgspec.json.Decoder(_Sent)
_one: Final = msgspec.json.Decoder(IncomingCall)
_split: Final = msgspec.json.Decoder(list[Raw])


def decode_batch(body: bytes, media_type: str) -> Batch:
    """Read `application/json` (an array) or JSON lines, at most 10,000 records.

    Raises MalformedDocument (nothing of the body is usable), TooManyRecords, UnsupportedMedia.
    In JSON lines an unreadable line is a rejection of its own; empty lines do not count.
    """
    kind = media_type.partition(";")[0].strip().lower()
    if kind != JSON and kind not in LINES:
        raise UnsupportedMedia("Send application/json or application/x-ndjson.")
    whole = _read_whole(body, lines=kind != JSON)
    if whole is not None:
        return Batch(list(enumerate(whole)), [])
    parts = _lines(body) if kind != JSON else _elements(body)
    if len(parts) > MAX_RECORDS:
        raise TooManyRecords
    return _read_each(parts)


def _read_whole(body: bytes, *, lines: bool) -> list[IncomingCall] | None:
    """All records by one decode, or None when they must be looked at one by one."""
    try:
        calls = _each.decode_lines(body) if lines else _all.decode(body)
    except _READ_ERRORS:
        return None
    if len(calls) > MAX_RECORDS:
        raise TooManyRecords
    fields = len(calls) * _FIELDS - _clear_unset(calls)
    return list(calls) if _names_in(body) == fields else None


def _clear_unset(calls: list[_Sent]) -> int:  # noqa: C901 - unrolled: ten times a record
    """Give what was not sent its default; the number of fields that were not sent."""
    cleared = 0
    for call in calls:
        if call.source_id is UNSET:
            call.source_id = None
            cleared += 1
        if call.version is UNSET:
            call.version = 1
            cleared += 1
        if call.caller is UNSET:
            call.caller = None
            cleared += 1
        if call.called is UNSET:
            call.called = None
            cleared += 1
        if call.user_id is UNSET:
            call.user_id = None
            cleared += 1
        if call.contact_person is UNSET:
            call.contact_person = None
            cleared += 1
        if call.company is UNSET:
            call.company = None
            cleared += 1
        if call.answered_at is UNSET:
            call.answered_at = None
            cleared += 1
        if call.ended_at is UNSET:
            call.ended_at = None
            cleared += 1
        if call.account is UNSET:
            call.account = None
            cleared += 1
    return cleared


def _names_in(body: bytes) -> int:
    """How many names (`"…":`) the document has; -1 when that cannot be told from the bytes.

    Text may hold the same two characters, which only counts too many and costs a second look.
    """
    octets = np.frombuffer(body, np.uint8)
    before, colons = octets[:-1], octets[1:] == ord(":")
    if ((before <= ord(" ")) & colons).any():
        return -1
    return int(np.count_nonzero((before == ord('"')) & colons))


def _elements(body: bytes) -> list[Raw | bytes]:
    """The array's elements, unread. A body that is no array is malformed as a whole."""
    if body.count(b",") > MAX_RECORDS * _COMMAS_PER_RECORD:
        raise TooManyRecords
    try:
        return list(_split.decode(body))
    except _READ_ERRORS:
        raise MalformedDocument from None


def _lines(body: bytes) -> list[Raw | bytes]:
    if body.count(b"\n") > MAX_RECORDS * _COMMAS_PER_RECORD:
        raise TooManyRecords
    return [line for line in body.split(b"\n") if line.strip()]


def _read_each(parts: list[Raw | bytes]) -> Batch:
    records: list[tuple[int, IncomingCall]] = []
    rejections: list[Rejection] = []
    for index, part in enumerate(parts):
        read = read_one(bytes(part), index=index)
        if isinstance(read, Rejection):
            rejections.append(read)
        else:
            records.append((index, read))
    return Batch(records, rejections)


def read_one(part: bytes, *, index: int = 0) -> IncomingCall | Rejection:
    """One record from its JSON, or why not."""
    if len(part) > MAX_RECORD_BYTES:
        return reject(RejectionCode.INVALID_JSON, index=index, hint="It is too long.")
    try:
        call = _one.decode(part)
        json.loads(part, object_pairs_hook=_refuse_duplicates)
    except msgspec.ValidationError as error:
        return _explain(error, index)
    except _DuplicateNameError:
        return reject(RejectionCode.DUPLICATE_FIELD, index=index)
    except _READ_ERRORS:
        return reject(RejectionCode.INVALID_JSON, index=index)
    return call


class _DuplicateNameError(Exception):
    """A JSON object has a name twice."""


def _refuse_duplicates(pairs: list[tuple[str, object]]) -> None:
    if len({name for name, _ in pairs}) != len(pairs):
        raise _DuplicateNameError


def _explain(error: msgspec.ValidationError, index: int) -> Rejection:
    """Our words for the decoder's: its message can repeat what was sent, ours names a field."""
    text = str(error)
    if text.startswith("Object contains unknown field"):
        return reject(RejectionCode.UNKNOWN_FIELD, index=index)
    found = _FIELD.search(text)
    name = next((group for group in found.groups() if group in _NAMES), None) if found else None
    if text.startswith("Object missing required field"):
        missing = "MISSING_START" if name == "started_at" else "MISSING_FIELD"
        return reject(RejectionCode[missing], index=index, hint=f"Field: {name}.")
    if name is None:
        return reject(RejectionCode.INVALID_FIELD, index=index, hint="Send an object per record.")
    return reject(RejectionCode.INVALID_FIELD, index=index, hint=f"Field: {name}. {_WANTED[name]}")


_MOMENT: Final = "A date and time with offset is wanted, like 2026-03-29T10:00:00Z."
_TEXT: Final = "Text of at most 200 characters is wanted."
_WANTED: Final = dict.fromkeys(IncomingCall.__struct_fields__, _TEXT) | {
    "direction": "One of inbound, outbound, internal is wanted.",
    "version": "A whole number from 1 to 2147483647 is wanted.",
    "started_at": _MOMENT,
    "answered_at": _MOMENT,
    "ended_at": _MOMENT,
}
