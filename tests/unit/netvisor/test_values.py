"""Decimals, dates, booleans, keys: what Netvisor writes, and that we read what we write."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.providers.netvisor.values import (
    read_date,
    read_decimal,
    read_flag,
    read_key,
    read_moment,
    write_date,
    write_decimal,
    write_flag,
    write_moment,
)

NUMBERS = st.decimals(
    min_value=-(10**12), max_value=10**12, allow_nan=False, allow_infinity=False, places=4
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *[("249,90", "249.90"), ("200", "200"), ("0.0", "0.0"), ("-900", "-900")],
        *[("6,9000", "6.9000"), ("1 200,50", "1200.50"), ("1\u00a0200", "1200"), ("+5", "5")],
        *[(",5", "0.5"), ("5,", "5")],
    ],
)
def test_decimals(text: str, value: str) -> None:
    assert read_decimal(text) == Decimal(value)


@pytest.mark.parametrize("text", ["1.234,56", "1,2,3", "1e5", "NaN", "٣", "0x10", "--1", ",", "a"])
def test_what_is_no_decimal(text: str) -> None:
    with pytest.raises(ValueError, match="decimal"):
        read_decimal(text)


@given(NUMBERS)
def test_decimals_come_back(value: Decimal) -> None:
    text = write_decimal(value)
    assert "." not in text
    assert "E" not in text
    assert read_decimal(text) == value


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1E-30", "1E+40"])
def test_decimals_that_are_not_written(value: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        write_decimal(Decimal(value))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2014-02-07", date(2014, 2, 7)),
        ("7.2.2014", date(2014, 2, 7)),
        ("07.02.2014", date(2014, 2, 7)),
        ("7.4.2009 15:53:44", date(2009, 4, 7)),
        ("2014-02-07T10:00:00", date(2014, 2, 7)),
        (" 2014-02-07 ", date(2014, 2, 7)),
    ],
)
def test_dates(text: str, value: date) -> None:
    assert read_date(text) == value


@pytest.mark.parametrize("text", ["31.2.2014", "2014-13-01", "7/2/2014", "20140207", "x", "7.2.14"])
def test_what_is_no_date(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        read_date(text)


@given(st.dates(min_value=date(1, 1, 1)))
def test_dates_come_back(value: date) -> None:
    assert read_date(write_date(value)) == value
    assert read_date(f"{value.day}.{value.month}.{value.year:04d}") == value


@given(st.datetimes())
def test_moments_come_back_to_the_second(value: datetime) -> None:
    assert read_moment(write_moment(value)) == value.replace(microsecond=0)


@pytest.mark.parametrize("text", ["1", "Yes", "yes", "YES", "true", " 1 ", "Kyllä"])
def test_yes(text: str) -> None:
    assert read_flag(text) is True


@pytest.mark.parametrize("text", ["0", "No", "no", "false", "Ei"])
def test_no(text: str) -> None:
    assert read_flag(text) is False


def test_flags_are_written_as_digits() -> None:
    assert (write_flag(True), write_flag(False)) == ("1", "0")
    with pytest.raises(ValueError, match="yes"):
        read_flag("2")


def test_keys() -> None:
    assert read_key(" 165 ") == 165
    for text in ("0", "-1", "1.5", "x", "1" * 19, "１"):
        with pytest.raises(ValueError, match="key"):
            read_key(text)


@pytest.mark.parametrize("read", [read_decimal, read_date, read_moment, read_flag, read_key])
@pytest.mark.parametrize("text", [None, "", "  "])
def test_nothing_is_none(read: object, text: str | None) -> None:
    assert read(text) is None  # type: ignore[operator]


@given(st.text(max_size=40))
def test_no_text_does_worse_than_a_value_error(text: str) -> None:
    for read in (read_decimal, read_date, read_moment, read_flag, read_key):
        try:
            read(text)
        except ValueError:
            continue
