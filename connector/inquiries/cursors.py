"""Where a page of threads ended: opaque to the caller, a moment and a random id."""

import base64
import binascii
import uuid
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

import msgspec

from privacy.core.errors import Invalid

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_decoder: Final = msgspec.msgpack.Decoder(tuple[int, bytes])


class Place(NamedTuple):
    """The last thread of a page."""

    at: datetime
    id: uuid.UUID


def write_place(place: Place) -> str:
    """Text that `read_place` reads; the moment to the microsecond, as the database has it."""
    micros = (place.at - _EPOCH) // timedelta(microseconds=1)
    packed = msgspec.msgpack.encode((micros, place.id.bytes))
    return base64.urlsafe_b64encode(packed).rstrip(b"=").decode()


def read_place(text: str) -> Place:
    """The place that a page ended at. Raises Invalid when it is not one of ours."""
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        micros, raw = _decoder.decode(packed)
        return Place(_EPOCH + timedelta(microseconds=micros), uuid.UUID(bytes=raw))
    except (binascii.Error, msgspec.DecodeError, ValueError, OverflowError):
        raise Invalid(
            "This cursor is not valid. Start again without one.",
            fields={"cursor": "Send the next_cursor of the page before, unchanged."},
        ) from None
