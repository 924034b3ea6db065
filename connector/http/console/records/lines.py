"""Amounts, days and addresses as pages write them; one line of a record's page."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from connector.synced.shapes import Address

_MEANT: Final = 24
"""Digits of an amount that is one."""


@dataclass(frozen=True, slots=True)
class Line:
    """Text, several texts below each other, or a moment."""

    label: str
    text: str = ""
    texts: tuple[str, ...] = ()
    at: datetime | None = None
    doubtful: bool = False
    """Whether its check digits are wrong."""


def told(lines: list[Line]) -> list[Line]:
    """The lines that say something."""
    return [line for line in lines if line.text or line.texts or line.at]


def amount(value: Decimal | None, currency: str = "") -> str:
    """`1 234.50 EUR`, never `1 234.5 EUR`, with narrow no-break spaces (ISO 80000-1)."""
    if value is None:
        return ""
    if not value.is_finite() or abs(value.adjusted()) > _MEANT:
        # Of an archive that others wrote: as many digits as it says would fill the memory.
        return f"{value}\u00a0{currency}".strip()
    if currency and value == round(value, 2):
        value = round(value, 2)
    return f"{value:,f}".replace(",", "\u202f") + (f"\u00a0{currency}" if currency else "")


def number(value: Decimal | None, unit: str = "") -> str:
    """`25 licences`."""
    return f"{amount(value)} {unit}".strip() if value is not None else ""


def day(value: date | None) -> str:
    """`Sun 22 Nov 2026`."""
    return value.strftime("%a %-d %b %Y") if value else ""


def address_lines(address: Address | None) -> tuple[str, ...]:
    """As on an envelope."""
    if address is None:
        return ()
    city = f"{address.postcode} {address.city}".strip()
    return tuple(part for part in (address.street, city, address.country) if part)
