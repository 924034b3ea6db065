"""Identifiers: UUIDv7 (RFC 9562 §5.7), ordered by creation and free of any meaning."""

import secrets
import uuid
from datetime import UTC, datetime, timedelta
from typing import Final

from privacy.core.clock import now

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def new_id() -> uuid.UUID:
    """A fresh UUIDv7: 48 bits of milliseconds, 12 of their fraction (§6.2, method 3), 62 random.

    With the fraction, what one process makes within a millisecond keeps its order.
    """
    return _made(now(), secrets.randbits(62))


def first_id_of(moment: datetime) -> uuid.UUID:
    """The lowest UUIDv7 of a moment: a bound by which the primary key finds what came since.

    Ids go by the clock of the host that made them, so leave a margin.
    """
    return _made(moment, 0)


def _made(moment: datetime, rest: int) -> uuid.UUID:
    milliseconds, microseconds = divmod((moment - _EPOCH) // _MICROSECOND, 1000)
    fraction = (microseconds << 12) // 1000
    value = milliseconds << 80 | 0x7 << 76 | fraction << 64 | 0x2 << 62 | rest
    return uuid.UUID(int=value)
