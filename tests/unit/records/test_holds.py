"""Periods of the laws that DESIGN names, each from its year's end."""

from datetime import date

import pytest

from connector.synced.holds import hold_until


@pytest.mark.promise("B3")
@pytest.mark.parametrize(
    ("country", "dated", "year_ends", "free"),
    [
        ("FI", date(2026, 5, 20), 12, date(2033, 1, 1)),
        ("FI", date(2026, 12, 31), 12, date(2033, 1, 1)),
        ("FI", date(2026, 5, 20), 4, date(2034, 1, 1)),
        ("FI", date(2026, 4, 30), 4, date(2033, 1, 1)),
        ("SE", date(2026, 1, 1), 12, date(2034, 1, 1)),
        ("SE", date(2026, 9, 1), 8, date(2035, 1, 1)),
        ("DE", date(2026, 5, 20), 12, date(2035, 1, 1)),
        ("DE", date(2026, 5, 20), 4, date(2035, 1, 1)),
        ("DE", date(2015, 5, 20), 12, date(2024, 1, 1)),
        ("", date(2026, 5, 20), 12, date(2037, 1, 1)),
        ("XX", date(9998, 5, 20), 12, date(9999, 1, 1)),
    ],
)
def test_a_voucher_is_held_until_its_years_are_over(
    country: str, dated: date, year_ends: int, free: date
) -> None:
    assert hold_until(country, dated, year_ends=year_ends) == free
