"""Ids of calls: the day, then a keyed digest of what names the call at its source.

A UUIDv8 (RFC 9562 §5.8): 16 bits of day number, 106 bits of the digest. The day in front lets
a look-up go to one partition; the rest is meaningless once the day's index key is destroyed.
"""

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Final

import numpy as np

BYTES: Final = 16
_EPOCH: Final = date(1970, 1, 1).toordinal()
_DAYS: Final = 1 << 16


def call_ids(day: date, digests: Sequence[bytes]) -> list[bytes]:
    """The ids, 16 bytes each, of calls with these source digests under `day`'s index key."""
    octets = np.frombuffer(b"".join(digests), np.uint8).reshape(-1, BYTES).copy()
    octets[:, :2] = divmod(day.toordinal() - _EPOCH, 256)
    octets[:, 6] = octets[:, 6] & 0x0F | 0x80  # version 8
    octets[:, 8] = octets[:, 8] & 0x3F | 0x80  # the RFC's variant
    joined = octets.tobytes()
    return [joined[at : at + BYTES] for at in range(0, len(joined), BYTES)]


def day_of(identifier: uuid.UUID) -> date:
    """The day that an id of ours names; any UUID gives some day."""
    return date.fromordinal(_EPOCH + (identifier.int >> 112) % _DAYS)
