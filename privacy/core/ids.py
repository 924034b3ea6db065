"""Identifiers: UUIDv7 (RFC 9562 §5.7), ordered by creation and free of any meaning."""

import secrets
import uuid
from datetime import datetime

from privacy.core.clock import now


def new_id() -> uuid.UUID:
    """A fresh UUIDv7: 48 bits of milliseconds, 74 random bits."""
    return _made(now(), secrets.randbits(80))


def first_id_of(moment: datetime) -> uuid.UUID:
    """The lowest UUIDv7 of a moment: a bound by which the primary key finds what came since.

    Ids go by the clock of the host that made them, so leave a margin.
    """
    return _made(moment, 0)


def _made(moment: datetime, rest: int) -> uuid.UUID:
    value = int(moment.timestamp() * 1000) << 80 | rest
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return uuid.UUID(int=value)
