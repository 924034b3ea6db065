"""Count a day's calls from the calls themselves, before the day ends with its key.

Tallies that are kept at the door know a call as it first came; an exchange that tells of a call in
several documents says its length last. So what is charged is counted from the calls.
"""

import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import phonenumbers
from sqlalchemy import delete, func, insert, select, text

from connector.calls.keeping import call_keys, kept_days
from connector.calls.models import CallTally
from connector.calls.rows import place_of
from connector.calls.shapes import CallRecord, decode_record
from connector.charging.models import UsageDay
from connector.charging.prices import LONGEST_PREFIX, prices_on
from privacy.core.db.work import UnitOfWork
from privacy.vault.keyring import Keyring
from privacy.vault.keys import DayKey
from privacy.vault.sealing import open_many

_AT_ONCE: Final = 2_000
_LEFT_OVER: Final = 3
_SETTLES: Final = timedelta(days=3)
"""What an exchange says later of a call, it says within days."""
_PAGE: Final = text(
    "SELECT id, account_id, version, sealed FROM calls "
    "WHERE tenant_id = :tenant AND day = :day AND id > :after ORDER BY id LIMIT :size"
)


@dataclass(frozen=True, slots=True)
class Cell:
    """What calls are counted by. `country`: a calling code like `+358`, or the longest beginning
    of the called number that has a price, like `+35840`."""

    account_id: uuid.UUID
    direction: str
    country: str


@dataclass(frozen=True, slots=True)
class Used:
    """So many calls, and seconds spoken."""

    calls: int
    seconds: int

    def __add__(self, other: "Used") -> "Used":
        return Used(self.calls + other.calls, self.seconds + other.seconds)


Counted = dict[Cell, Used]


def count_days(work: UnitOfWork, *, vault: Keyring) -> int:
    """Count every day that is over and whose calls live, unless it is counted and nothing has
    come since. Returns how many days were counted; harmless when repeated."""
    kept, counted = kept_days(work), _counted(work)
    last = kept.today - timedelta(days=1)
    came = _came(work, kept.oldest, last)
    due = [
        day
        for day, calls in sorted(came.items())
        if counted.get(day) != calls or kept.today - day <= _SETTLES
    ]
    for day in due:
        _keep(work, day, count_day(work, vault=vault, day=day))
    return len(due)


def count_day(work: UnitOfWork, *, vault: Keyring, day: date) -> Counted:
    """A day's calls as they are now; nothing where the day has ended.

    Raises:
        OpenError: a stored call was changed outside the service.
    """
    prices = prices_on(work, day.replace(day=1))
    prefixes = prices.prefixes if prices else frozenset()
    keys = call_keys(work, vault, kept_days(work), first=day, last=day)
    calls: Counter[Cell] = Counter()
    seconds: Counter[Cell] = Counter()
    for account_id, record in _calls(work, keys[day]) if day in keys else ():
        cell = Cell(account_id, str(record.direction), destination_of(record, prefixes))
        calls[cell] += 1
        seconds[cell] += _seconds(record)
    return {cell: Used(calls[cell], seconds[cell]) for cell in calls}


def destination_of(record: CallRecord, prefixes: Set[str]) -> str:
    """The longest of `prefixes` that the called number begins with, else the country's code. Three
    digits at least are left over, so that no count is about one number (promise B5)."""
    number = record.called or ""
    if record.direction == "outbound" and number.startswith("+"):
        longest = min(LONGEST_PREFIX + 1, len(number) - _LEFT_OVER)
        for end in range(longest, 1, -1):
            if number[:end] in prefixes:
                return number[:end]
    return country_of(record)


def country_of(record: CallRecord) -> str:
    """The calling code of the country that was called; empty for calls in, and where it is none."""
    number = record.called or ""
    if record.direction != "outbound" or not number.startswith("+"):
        return ""
    for length in (1, 2, 3):
        code = number[1 : 1 + length]
        if code.isdigit() and int(code) in phonenumbers.COUNTRY_CODE_TO_REGION_CODE:
            return f"+{code}"
    return ""


def _calls(work: UnitOfWork, key: DayKey) -> Iterator[tuple[uuid.UUID, CallRecord]]:
    after, place = uuid.UUID(int=0), place_of(work.tenant_id)
    while True:
        given = {"tenant": work.tenant_id, "day": key.day, "after": after, "size": _AT_ONCE}
        rows = work.connection.execute(_PAGE, given).all()
        aads = place.aads([row.id.bytes for row in rows], [row.version for row in rows])
        plain = open_many(key, aads, [row.sealed for row in rows])
        for row, content in zip(rows, plain, strict=True):
            yield row.account_id, decode_record(content)
        if len(rows) < _AT_ONCE:
            return
        after = rows[-1].id


def _seconds(record: CallRecord) -> int:
    answer, end = record.answered_at, record.ended_at
    if answer is None or end is None or end < answer:
        return 0
    return int((end - answer).total_seconds())


def _counted(work: UnitOfWork) -> Mapping[date, int]:
    summed = select(UsageDay.day, func.sum(UsageDay.calls)).group_by(UsageDay.day)
    return {day: int(calls) for day, calls in work.session.execute(summed)}


def _came(work: UnitOfWork, first: date, last: date) -> Mapping[date, int]:
    summed = (
        select(CallTally.day, func.sum(CallTally.calls))
        .where(CallTally.day.between(first, last))
        .group_by(CallTally.day)
    )
    return {day: int(calls) for day, calls in work.session.execute(summed)}


def _keep(work: UnitOfWork, day: date, counted: Counted) -> None:
    work.session.execute(delete(UsageDay).where(UsageDay.day == day))
    rows: list[dict[str, Any]] = [
        {
            "tenant_id": work.tenant_id,
            "day": day,
            "account_id": cell.account_id,
            "direction": cell.direction,
            "country": cell.country,
            "calls": used.calls,
            "seconds": used.seconds,
            "counted_at": work.now,
        }
        for cell, used in counted.items()
    ]
    if rows:
        work.session.execute(insert(UsageDay), rows)
