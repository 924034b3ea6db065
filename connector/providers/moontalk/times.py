"""How times are written: what people can choose, and how each is read."""

import re
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from connector.providers.moments import from_any, from_civil

_OFFSET = re.compile(r"(?:Z|[+-]\d{2}:?\d{2})\Z", re.ASCII)
_NUMBER = re.compile(r"(\d{1,16})(?:\.(\d{1,9}))?", re.ASCII)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LAST: Final = 253_402_300_799


class TimeFormat(StrEnum):
    """What a mapping can say of its times."""

    ANY = "any"
    RFC3339 = "rfc3339"
    EPOCH_S = "epoch_s"
    EPOCH_MS = "epoch_ms"
    LOCAL = "local"


def moment_of(text: str | None, written: TimeFormat, zone: ZoneInfo) -> datetime | None:
    """The moment in UTC; None for never, and for what is not written like that.

    RFC 3339 without an offset is none, since nobody could tell the zone; a local time with an
    offset is what its offset says.
    """
    said = (text or "").strip()
    match written:
        case TimeFormat.ANY:
            return from_any(said, zone)
        case TimeFormat.RFC3339:
            return from_civil(said, zone) if _OFFSET.search(said) else None
        case TimeFormat.LOCAL:
            return from_civil(said, zone)
        case TimeFormat.EPOCH_S:
            return _since_1970(said, 1)
        case TimeFormat.EPOCH_MS:
            return _since_1970(said, 1000)


def _since_1970(said: str, scale: int) -> datetime | None:
    found = _NUMBER.fullmatch(said)
    if found is None:
        return None
    seconds, rest = divmod(int(found[1]), scale)
    if not 0 < seconds <= _LAST:
        return None
    micros = rest * 1_000_000 // scale if scale > 1 else int(((found[2] or "") + "000000")[:6])
    return _EPOCH + timedelta(seconds=seconds, microseconds=micros)
