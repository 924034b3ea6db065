"""A month, to the next working day (GDPR Art. 12(3), Regulation 1182/71)."""

from datetime import date, timedelta

import pytest

from privacy.subjects.holidays import is_holiday
from privacy.subjects.limits import due_on, evidence_until


@pytest.mark.parametrize(
    ("received", "country", "due"),
    [
        (date(2026, 1, 15), "FI", date(2026, 2, 16)),  # the 15th is a Sunday
        (date(2026, 1, 31), "SE", date(2026, 3, 2)),  # the 28th is a Saturday
        (date(2025, 11, 24), "DE", date(2025, 12, 24)),
        (date(2025, 11, 25), "FI", date(2025, 12, 29)),  # Christmas, Boxing Day, weekend
        (date(2026, 5, 6), "SE", date(2026, 6, 8)),  # National Day, a Saturday
        (date(2025, 5, 6), "SE", date(2025, 6, 9)),  # National Day, a Friday
        (date(2025, 5, 6), "FI", date(2025, 6, 6)),
        (date(2025, 9, 3), "DE", date(2025, 10, 6)),  # Unity Day, a Friday
        (date(2024, 1, 31), "FI", date(2024, 2, 29)),
    ],
)
def test_a_month_ends_on_a_working_day(received: date, country: str, due: date) -> None:
    assert due_on(received, country) == due


def test_an_extension_is_of_two_further_months() -> None:
    assert due_on(date(2026, 1, 15), "FI", extended=True) == date(2026, 4, 15)


def test_a_limit_pauses_while_proof_is_waited_for() -> None:
    assert due_on(date(2026, 1, 15), "FI", paused=timedelta(days=8)) == date(2026, 2, 23)


@pytest.mark.parametrize(
    ("country", "day", "holiday"),
    [
        ("FI", date(2026, 4, 3), True),  # Good Friday
        ("FI", date(2026, 12, 24), False),  # an eve
        ("FI", date(2026, 6, 19), False),  # Midsummer Eve
        ("SE", date(2026, 5, 14), True),  # Ascension
        ("DE", date(2017, 10, 31), True),  # Reformation Day, once for the whole country
        ("DE", date(2018, 10, 31), False),
        ("EE", date(2026, 2, 24), True),  # Independence Day
        ("XX", date(2026, 1, 1), False),
    ],
)
def test_holidays_are_those_of_the_whole_country(country: str, day: date, holiday: bool) -> None:
    assert is_holiday(day, country) is holiday


def test_only_germany_has_whit_monday() -> None:
    assert [is_holiday(date(2026, 5, 25), c) for c in ("FI", "SE", "DE")] == [False, False, True]


def test_evidence_ends_three_years_after_its_year() -> None:
    assert evidence_until(date(2026, 3, 2)) == date(2030, 1, 1)
