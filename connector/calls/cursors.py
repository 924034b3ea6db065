"""Where a page ended: opaque to the caller, and free of anything that a call says."""

import uuid
from datetime import date
from typing import Final, NamedTuple

import msgspec

from privacy.core.cursors import not_ours, pack, unpack


class Cursor(NamedTuple):
    """The last call of a page, in the order of lists: day, slot and id, each falling."""

    day: date
    slot: int
    id: uuid.UUID


_decoder: Final = msgspec.msgpack.Decoder(tuple[int, int, bytes])


def write_cursor(cursor: Cursor) -> str:
    """Text that `read_cursor` reads."""
    return pack((cursor.day.toordinal(), cursor.slot, cursor.id.bytes))


def read_cursor(text: str) -> Cursor:
    """The place that a page ended at.

    Raises:
        Invalid: it is not one of ours.
    """
    ordinal, slot, raw = unpack(text, _decoder)
    try:
        return Cursor(date.fromordinal(ordinal), slot, uuid.UUID(bytes=raw))
    except (ValueError, OverflowError):
        raise not_ours() from None
