"""Where a page ended, as text that is opaque to whoever sends it back."""

import base64
import binascii
import uuid
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple, TypeVar

import msgspec

from privacy.core.errors import Invalid

T = TypeVar("T")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_places: Final = msgspec.msgpack.Decoder(tuple[int, bytes])


class Place(NamedTuple):
    """The last thing of a page that is ordered by a moment (aware), then by id."""

    at: datetime
    id: uuid.UUID


def write_place(place: Place) -> str:
    """Text that `read_place` reads; the moment to the microsecond, as the database has it."""
    return pack(((place.at - _EPOCH) // timedelta(microseconds=1), place.id.bytes))


def read_place(text: str) -> Place:
    """The place that a page ended at. Raises Invalid when it is not one of ours."""
    micros, raw = unpack(text, _places)
    try:
        return Place(_EPOCH + timedelta(microseconds=micros), uuid.UUID(bytes=raw))
    except (ValueError, OverflowError):
        raise not_ours() from None


def pack(place: object) -> str:
    """Letters, digits, `-` and `_`. Put nothing personal in: cursors stand in addresses."""
    return base64.urlsafe_b64encode(msgspec.msgpack.encode(place)).rstrip(b"=").decode()


def unpack(text: str, decoder: msgspec.msgpack.Decoder[T]) -> T:
    """What `pack` was given. Raises Invalid, as `not_ours` says, for anything else."""
    try:
        padded = text + "=" * (-len(text) % 4)
        return decoder.decode(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (binascii.Error, msgspec.DecodeError, ValueError):
        raise not_ours() from None


def not_ours() -> Invalid:
    """The refusal of a cursor that no page of ours ended with."""
    return Invalid(
        "This cursor is not valid. Start again without one.",
        fields={"cursor": "Send the next_cursor of the page before, unchanged."},
    )
