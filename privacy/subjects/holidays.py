"""Working days, as a time limit's end knows them (Regulation 1182/71 Art. 3(4)).

Public holidays of the whole country only, from the `holidays` library. Those of single German
Länder, and eves (which it counts as holidays in Finland), are working days here: a limit then
ends earlier, never later.
"""

from datetime import date, timedelta
from functools import cache
from typing import Final

import holidays

_SATURDAY: Final = 5


def next_working_day(day: date, country: str) -> date:
    """`day` itself, or the first working day after it. Elsewhere only weekends are known."""
    while day.weekday() >= _SATURDAY or is_holiday(day, country):
        day += timedelta(days=1)
    return day


def is_holiday(day: date, country: str) -> bool:
    """Whether all of `country` (ISO 3166) has a public holiday."""
    return day in _of_year(country, day.year)


@cache
def _of_year(country: str, year: int) -> frozenset[date]:
    try:
        known = holidays.country_holidays(country, years=[year], language="en_US")
    except NotImplementedError:
        return frozenset()
    return frozenset(day for day in known if not _is_eve(known.get(day) or ""))


def _is_eve(name: str) -> bool:
    """Of days with several names, all have to be eves."""
    return all(one.strip().endswith("Eve") for one in name.split(";"))
