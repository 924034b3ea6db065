"""Ids of calls: the day, then a keyed digest of what names the call at its source.

A UUIDv8 (RFC 9562 §5.8): 16 bits of day number, 106 bits of the digest. The day in front lets
a look-up go to one partition; the rest is meaningless once the day's index key is destroyed.
"""

import uuid
from datetime import date
from typing import Final

_EPOCH: Final = date(1970, 1, 1).toordinal()
_DAYS: Final = 1 << 16
_DIGEST: Final = (1 << 112) - 1
_MARKS: Final = 0x8 << 76 | 0x2 << 62
_CLEAR: Final = ~(0xF << 76 | 0x3 << 62)


def call_id(day: date, digest: bytes) -> uuid.UUID:
    """The id of the call whose source digest (16 bytes, under `day`'s index key) this is."""
    number = day.toordinal() - _EPOCH
    value = number << 112 | int.from_bytes(digest, "big") & _DIGEST
    return uuid.UUID(int=value & _CLEAR | _MARKS)


def day_of(identifier: uuid.UUID) -> date:
    """The day that an id of ours names; any UUID gives some day."""
    return date.fromordinal(_EPOCH + (identifier.int >> 112) % _DAYS)
