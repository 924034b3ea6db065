"""Working days, as a time limit's end knows them (Regulation 1182/71 Art. 3(4)).

Public holidays of the whole country only. Those of single German Länder, and eves that are no
holidays by law, count as working days: a limit then ends earlier, never later.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final

_FIXED: Final[Mapping[str, frozenset[tuple[int, int]]]] = MappingProxyType(
    {
        "FI": frozenset({(1, 1), (1, 6), (5, 1), (12, 6), (12, 25), (12, 26)}),
        "SE": frozenset({(1, 1), (1, 6), (5, 1), (6, 6), (12, 25), (12, 26)}),
        "DE": frozenset({(1, 1), (5, 1), (10, 3), (12, 25), (12, 26)}),
    }
)
"""FI: Laki 388/1937 and 1089/1993 (Independence Day). SE: Lag 1989:253. DE: the holidays that
all Länder have. Midsummer Day and All Saints' Day of the North are Saturdays."""
_FROM_EASTER: Final[Mapping[str, frozenset[int]]] = MappingProxyType(
    {
        "FI": frozenset({-2, 1, 39}),
        "SE": frozenset({-2, 1, 39}),
        "DE": frozenset({-2, 1, 39, 50}),
    }
)
"""Days after Easter Sunday: Good Friday, Easter Monday, Ascension, Whit Monday."""
_SATURDAY: Final = 5


def next_working_day(day: date, country: str) -> date:
    """`day` itself, or the first working day after it. Elsewhere only weekends are known."""
    while day.weekday() >= _SATURDAY or is_holiday(day, country):
        day += timedelta(days=1)
    return day


def is_holiday(day: date, country: str) -> bool:
    """Whether all of `country` (ISO 3166) has a public holiday."""
    if (day.month, day.day) in _FIXED.get(country, frozenset()):
        return True
    return (day - easter(day.year)).days in _FROM_EASTER.get(country, frozenset())


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher)."""
    a, b, c = year % 19, year // 100, year % 100
    d = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    e = (32 + 2 * (b % 4) + 2 * (c // 4) - d - c % 4) % 7
    f = d + e - 7 * ((a + 11 * d + 22 * e) // 451) + 114
    return date(year, f // 31, f % 31 + 1)
