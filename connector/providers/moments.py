"""Times as exchanges write them, to aware UTC. None for never, and for what is no time."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final
from zoneinfo import ZoneInfo

_CIVIL = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})[ T](\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?"
    r"\s*(Z|[+-]\d{2}:?\d{2})?",
    re.ASCII,
)
_NUMBER = re.compile(r"\d{1,19}(\.\d{1,9})?", re.ASCII)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_SECOND: Final = 253_402_300_799
_SCALES: Final = ((10**17, 10**9), (10**14, 10**6), (10**11, 10**3))


def from_epoch(text: str | None) -> datetime | None:
    """Seconds since 1970, or milli-, micro- or nanoseconds, told apart by their size."""
    text = (text or "").strip()
    if not _NUMBER.fullmatch(text):
        return None
    whole, _, fraction = text.partition(".")
    number, scale = int(whole), 1
    for least, candidate in _SCALES:
        if number >= least:
            scale = candidate
            break
    seconds, rest = divmod(number, scale)
    if not 0 < seconds <= _LAST_SECOND:
        return None
    micros = rest * 10**6 // scale if scale > 1 else int((fraction + "000000")[:6])
    return _EPOCH + timedelta(seconds=seconds, microseconds=micros)


def from_rfc2822(text: str | None) -> datetime | None:
    """`Sun, 29 Mar 2026 10:00:00 +0000`."""
    try:
        moment = parsedate_to_datetime((text or "")[:64])
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def from_civil(text: str | None, zone: ZoneInfo) -> datetime | None:
    """`2026-03-29 10:00:00`, with - / or . and with or without an offset; else in this zone."""
    readings = readings_of(text, zone)
    return readings[0] if readings else None


def readings_of(text: str | None, zone: ZoneInfo) -> list[datetime]:
    """All moments that a civil time can mean: two in the hour that autumn repeats (PEP 495)."""
    found = _CIVIL.fullmatch((text or "").strip())
    if not found:
        return []
    *parts, fraction, offset = found.groups()
    micros = int(((fraction or "") + "000000")[:6])
    try:
        civil = datetime(*(int(part or 0) for part in parts), micros)  # type: ignore[call-arg,arg-type]  # noqa: DTZ001
        if offset:
            return [datetime.fromisoformat(f"{civil.isoformat()}{offset}").astimezone(UTC)]
        both = [civil.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)]
    except (ValueError, OverflowError):
        return []
    return sorted(set(both))


def from_any(text: str | None, zone: ZoneInfo) -> datetime | None:
    """Whichever of these it is."""
    return from_epoch(text) or from_civil(text, zone) or from_rfc2822(text)


def seconds_of(text: str | None) -> int | None:
    """A duration: `61`, `00:01:01`, `0.00:01:01`; None for what is none."""
    text = (text or "").strip()
    if re.fullmatch(r"\d{1,8}", text, re.ASCII):
        return int(text)
    found = re.fullmatch(r"(?:(\d{1,4})\.)?(\d{1,4}):(\d{2}):(\d{2})(?:\.\d+)?", text, re.ASCII)
    if not found:
        return None
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + seconds
