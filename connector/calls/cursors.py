"""Where a page ended: opaque to the caller, and free of anything that a call says."""

import base64
import binascii
import uuid
from datetime import date
from typing import Final, NamedTuple

import msgspec

from privacy.core.errors import Invalid


class Cursor(NamedTuple):
    """The last call of a page, in the order of lists: day, slot and id, each falling."""

    day: date
    slot: int
    id: uuid.UUID


_decoder: Final = msgspec.msgpack.Decoder(tuple[int, int, bytes])


def write_cursor(cursor: Cursor) -> str:
    """Text that `read_cursor` reads."""
    packed = msgspec.msgpack.encode((cursor.day.toordinal(), cursor.slot, cursor.id.bytes))
    return base64.urlsafe_b64encode(packed).rstrip(b"=").decode()


def read_cursor(text: str) -> Cursor:
    """The place that a page ended at.

    Raises:
        Invalid: it is not one of ours.
    """
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        ordinal, slot, raw = _decoder.decode(packed)
        return Cursor(date.fromordinal(ordinal), slot, uuid.UUID(bytes=raw))
    except (binascii.Error, msgspec.DecodeError, ValueError, OverflowError):
        raise Invalid(
            "This cursor is not valid. Start again without one.",
            fields={"cursor": "Send the next_cursor of the page before, unchanged."},
        ) from None
