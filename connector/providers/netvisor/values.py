"""Values as Netvisor writes and reads them.

Decimals have a comma or a point, dates are `2014-02-07` or `7.2.2014`, yes is `1` or `Yes`.
What is empty is None; what is no value of its kind raises ValueError, for the reader to judge.
"""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Final

_DECIMAL = re.compile(r"[+-]?(?:\d{1,18}(?:[.,]\d{0,10})?|[.,]\d{1,10})", re.ASCII)
_KEY = re.compile(r"\d{1,18}", re.ASCII)
_ANSI = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](.*))?", re.ASCII)
_FINNISH = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?: (.*))?", re.ASCII)
_TIME = re.compile(r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,]\d{1,9})?)?", re.ASCII)
_SPACES: Final = {ord(" "): None, ord("\u00a0"): None, ord("\u202f"): None}
_YES: Final = frozenset({"1", "yes", "true", "kyllä", "ja"})
_NO: Final = frozenset({"0", "no", "false", "ei", "nej"})


def read_decimal(text: str | None) -> Decimal | None:
    """`249,90`, `200`, `0.0`, `1 200,00`."""
    bare = (text or "").translate(_SPACES)
    if not bare:
        return None
    if not _DECIMAL.fullmatch(bare):
        raise ValueError("not a decimal")
    return Decimal(bare.replace(",", "."))


def write_decimal(value: Decimal) -> str:
    """With a comma and no exponent; as many digits as the value has."""
    if not value.is_finite():
        raise ValueError("not a number")
    text = f"{value:f}"
    if not _DECIMAL.fullmatch(text):
        raise ValueError("more digits than Netvisor reads")
    return text.replace(".", ",")


def read_key(text: str | None) -> int | None:
    """A netvisor key: a positive whole number."""
    bare = (text or "").strip()
    if not bare:
        return None
    if not _KEY.fullmatch(bare) or int(bare) == 0:
        raise ValueError("not a key")
    return int(bare)


def read_date(text: str | None) -> date | None:
    """`2014-02-07` or `7.2.2014`, whatever time follows."""
    moment = read_moment(text)
    return moment.date() if moment else None


def read_moment(text: str | None) -> datetime | None:
    """A date with a time, or without (midnight). Naive: Netvisor writes no zone."""
    bare = (text or "").strip()
    if not bare:
        return None
    if found := _ANSI.fullmatch(bare):
        year, month, day, rest = found.groups()
    elif found := _FINNISH.fullmatch(bare):
        day, month, year, rest = found.groups()
    else:
        raise ValueError("not a date")
    return datetime(int(year), int(month), int(day), *_clock(rest))  # noqa: DTZ001


def _clock(text: str | None) -> tuple[int, int, int]:
    if not (text or "").strip():
        return 0, 0, 0
    found = _TIME.fullmatch((text or "").strip())
    if not found:
        raise ValueError("not a time")
    hour, minute, second = found.groups()
    return int(hour), int(minute), int(second or 0)


def write_date(value: date) -> str:
    """For an element with format="ansi"."""
    return f"{value:%Y-%m-%d}" if value.year > 999 else value.isoformat()


def write_moment(value: datetime) -> str:
    """For a query: `YYYY-MM-DDThh:mm:ss`."""
    return value.replace(microsecond=0, tzinfo=None).isoformat()


def read_flag(text: str | None) -> bool | None:
    """`1`, `Yes`; `0`, `No`."""
    bare = (text or "").strip().lower()
    if not bare:
        return None
    if bare in _YES:
        return True
    if bare in _NO:
        return False
    raise ValueError("neither yes nor no")


def write_flag(value: bool) -> str:
    """`1` or `0`."""
    return "1" if value else "0"
