"""Times as exchanges write them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from connector.providers.moments import from_any, from_epoch, readings_of, seconds_of

HELSINKI = ZoneInfo("Europe/Helsinki")
TEN = datetime(2026, 3, 29, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "1774778400",
        "1774778400000",
        "1774778400000000",
        "1774778400000000000",
        "1774778400.0",
        "2026-03-29 13:00:00",
        "2026/03/29 13:00:00",
        "2026.03.29 13:00",
        "2026-03-29T10:00:00Z",
        "2026-03-29T12:00:00+0200",
        "2026-03-29T12:00:00.000000000+02:00",
        "Sun, 29 Mar 2026 10:00:00 +0000",
        "Sun, 29 Mar 2026 10:00:00 GMT",
    ],
)
def test_ten_o_clock(text: str) -> None:
    assert from_any(text, HELSINKI) == TEN


@pytest.mark.parametrize(
    "text",
    [
        *("", "0", "-1", "never", "1e9", "٤٢", "9" * 30, "2026-13-01 00:00:00", "2026-03-29"),
        *("2026-03-29 25:00:00", "0001-01-01 00:00:00", "9999-12-31T23:59:59-23:00"),
        *("2026-03-29 10:00:00+99:99", "Sun, 99 Mar 2026", "x" * 10_000, "0.0"),
    ],
)
def test_no_times(text: str) -> None:
    assert from_any(text, HELSINKI) is None


def test_fractions() -> None:
    assert from_epoch("1774778400.25") == TEN.replace(microsecond=250_000)
    assert from_any("2026-03-29T10:00:00.1234567Z", HELSINKI) == TEN.replace(microsecond=123_456)


def test_an_hour_that_comes_twice_has_two_readings() -> None:
    assert len(readings_of("2026-10-25 03:30:00", HELSINKI)) == 2
    assert len(readings_of("2026-10-25 05:30:00", HELSINKI)) == 1


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("61", 61), ("00:01:01", 61), ("1.00:01:01", 86_461), ("", None), ("x", None), (None, None)],
)
def test_durations(text: str | None, seconds: int | None) -> None:
    assert seconds_of(text) == seconds
