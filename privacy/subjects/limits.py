"""Until when a request is answered (GDPR Art. 12(3)), and how long it is kept afterwards."""

import calendar
from datetime import date, timedelta
from typing import Final

from privacy.subjects.holidays import next_working_day

MONTHS: Final = 1
EXTENSION: Final = 2
_YEARS: Final = 3


def due_on(
    received: date, country: str, *, extended: bool = False, paused: timedelta = timedelta(0)
) -> date:
    """The last day for the answer.

    A period of months ends with the day of the same number, or the month's last; on a holiday,
    Saturday or Sunday it ends with the next working day (Regulation 1182/71 Art. 3(2)(c), (4)).

    Args:
        country: the controller's, whose holidays count.
        extended: by two further months.
        paused: whole days on which proof of identity was waited for.
    """
    months = MONTHS + EXTENSION if extended else MONTHS
    return next_working_day(_months_after(received, months) + paused, country)


def evidence_until(closed: date) -> date:
    """The first day on which nothing shows any more how a request was handled.

    That it was answered has to be shown (GDPR Art. 5(2)) as long as it can be claimed that it
    was not: three years from the end of the year.
    """
    return date(closed.year + _YEARS + 1, 1, 1)


def _months_after(day: date, months: int) -> date:
    count = day.month - 1 + months
    year, month = day.year + count // 12, count % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
