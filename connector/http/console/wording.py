"""How moments, days and numbers are written for people: one way, everywhere."""

from datetime import UTC, date, datetime

import phonenumbers
from flask import Flask


def moment(at: datetime, seconds: bool = False) -> str:
    """`Sun 22 Nov 2026, 10:41` in UTC, which the page says once."""
    clock = "%H:%M:%S" if seconds else "%H:%M"
    return at.astimezone(UTC).strftime(f"%-d\u00a0%b\u00a0%Y, {clock}")


def day(date_: date) -> str:
    """`Sunday 22 November 2026` in short: `Sun 22 Nov 2026`."""
    return date_.strftime("%a %-d %b %Y")


def thousands(number: int) -> str:
    """`12 345`, with a narrow no-break space (ISO 80000-1)."""
    return f"{number:,}".replace(",", "\u202f")


def duration(seconds: int | None) -> str:
    """`3 min 20 s`."""
    if seconds is None:
        return "not answered"
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def plural(count: int, one: str, many: str) -> str:
    """`1 call`, `2 calls`."""
    return f"{thousands(count)} {one if count == 1 else many}"


def telephone(number: str | None) -> str:
    """`+44 20 7946 0345` for E.164; anything else as it is kept."""
    if number is None:
        return "withheld"
    if not number.startswith("+"):
        return number
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def install(app: Flask) -> None:
    """Offer them to every template."""
    app.jinja_env.filters.update(
        moment=moment,
        day=day,
        thousands=thousands,
        duration=duration,
        plural=plural,
        telephone=telephone,
    )
