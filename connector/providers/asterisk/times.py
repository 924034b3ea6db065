"""Local times of a row to moments, in the hour too that autumn has twice.

A row says more than its clock: `duration` is end minus start and `billsec` end minus answer, in
real seconds, and `uniqueid` begins with the true epoch second at which the channel was made.
"""

import re
from datetime import datetime, timedelta
from itertools import product
from typing import Final
from zoneinfo import ZoneInfo

from connector.providers.base import RawCall
from connector.providers.moments import from_epoch, readings_of, seconds_of

_EPOCH = re.compile(r"(\d{9,11})\.\d+\Z", re.ASCII)
_SLACK: Final = timedelta(seconds=2)


def times_of(
    raw: RawCall, zone: ZoneInfo
) -> tuple[datetime | None, datetime | None, datetime | None]:
    """Start, answer and end; None for what did not happen or cannot be read."""
    starts = readings_of(raw.first("start"), zone)
    ends = readings_of(raw.first("end"), zone)
    if not starts:
        return None, None, None
    start, end = _fitting(starts, ends, raw)
    answers = readings_of(raw.first("answer"), zone)
    talked = seconds_of(raw.first("billsec"))
    if end is None or talked is None:
        return start, next((at for at in answers if at >= start), None), end
    expected = end - timedelta(seconds=talked)
    return start, min(answers, key=lambda at: abs(at - expected), default=None), end


def _fitting(
    starts: list[datetime], ends: list[datetime], raw: RawCall
) -> tuple[datetime, datetime | None]:
    """Of all readings the pair that lasts as long as the row says, nearest to its true epoch."""
    if not ends:
        return min(starts, key=lambda start: _from_epoch(start, raw)), None
    return min(
        product(starts, ends),
        key=lambda pair: (_misfit(pair, raw) > _SLACK, _from_epoch(pair[0], raw), pair),
    )


def _misfit(pair: tuple[datetime, datetime], raw: RawCall) -> timedelta:
    duration = seconds_of(raw.first("duration"))
    if duration is None:
        return timedelta() if pair[1] >= pair[0] else timedelta.max
    return abs(pair[1] - pair[0] - timedelta(seconds=duration))


def _from_epoch(start: datetime, raw: RawCall) -> timedelta:
    found = _EPOCH.search(raw.first("uniqueid", "linkedid") or "")
    epoch = from_epoch(found[1]) if found else None
    return abs(start - epoch) if epoch else timedelta()
