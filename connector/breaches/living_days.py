"""Days whose keys lived in a time, by the key ring and by what was destroyed."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import text

from privacy.core.db.work import UnitOfWork
from privacy.vault.days_ahead import DayKind

_DAYS = text(
    "SELECT day, created_at AS began, CAST(NULL AS timestamptz) AS ended FROM key_ring "
    "WHERE tenant_id = :tenant AND kind = 'day' AND service = :service AND data = :data "
    "UNION ALL SELECT day, CAST(NULL AS timestamptz), destroyed_at FROM key_destructions "
    "WHERE tenant_id = :tenant AND kind = 'day' AND service = :service AND data = :data"
)


@dataclass(frozen=True, slots=True)
class LivingDays:
    """Of one kind of data.

    Args:
        readable: the key lived at some moment of the time, and lives now.
        since_gone: it lived then, and is destroyed by now.
        gone: it was destroyed before.
    """

    readable: frozenset[date]
    since_gone: frozenset[date]
    gone: frozenset[date]


def living_days(
    work: UnitOfWork,
    kind: DayKind,
    *,
    since: datetime,
    until: datetime,
    first: date | None = None,
    last: date | None = None,
) -> LivingDays:
    """The bound tenant's days up to that of `until`; with `first` and `last`, only those."""
    given = {"tenant": work.tenant_id, "service": kind.service, "data": kind.data}
    readable, later, gone = set[date](), set[date](), set[date]()
    for day, began, ended in work.connection.execute(_DAYS, given):
        if day > until.date() or (first and day < first) or (last and day > last):
            continue
        if ended is None:
            if began <= until:
                readable.add(day)
        else:
            (later if ended >= since else gone).add(day)
    return LivingDays(frozenset(readable), frozenset(later - readable), frozenset(gone - readable))
