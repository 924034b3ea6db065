"""What an organisation publishes of its calls: counts of months that are over, and nobody.

A small count could be somebody (promise B5), so a cell of fewer than FEWEST calls is suppressed,
every other one rounded down to tens, and there are no sums from which a suppressed cell could be
taken back. Time spoken is told with its cell, or not at all. Accounts and days stay inside.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import func, select

from connector.calls.models import CallTally
from privacy.core.db.work import UnitOfWork
from tenants.tenants.views import get_tenant

FEWEST: Final = 20
ROUNDED: Final = 10
MONTHS: Final = 12


@dataclass(frozen=True, slots=True)
class Cell:
    """Calls of one month and direction; None where they are too few to be told.

    Args:
        month: its first day.
        minutes: spoken, all calls together.
    """

    month: date
    direction: str
    calls: int | None
    minutes: int | None


def is_published(work: UnitOfWork) -> bool:
    """Whether the bound tenant chose to publish counts, and is still there."""
    row = get_tenant(work)
    return row.publishes_statistics and row.state == "active"


def published_cells(work: UnitOfWork) -> list[Cell]:
    """The last twelve months that are over, the latest first. Months without calls are left out."""
    this_month = work.today.replace(day=1)
    first = this_month.replace(year=this_month.year - 1)
    month = func.date_trunc("month", CallTally.day).label("month")
    counted = (
        select(month, CallTally.direction, func.sum(CallTally.calls), func.sum(CallTally.seconds))
        .where(CallTally.day >= first, CallTally.day < this_month)
        .group_by(month, CallTally.direction)
        .order_by(month.desc(), CallTally.direction)
    )
    return [
        cell(begun.date(), direction, int(calls), int(seconds) // 60)
        for begun, direction, calls, seconds in work.session.execute(counted)
    ]


def cell(month: date, direction: str, calls: int, minutes: int) -> Cell:
    """Suppressed where it is small, else rounded down."""
    if calls < FEWEST:
        return Cell(month, direction, None, None)
    return Cell(month, direction, _rounded(calls), _rounded(minutes))


def _rounded(count: int) -> int:
    return count - count % ROUNDED
