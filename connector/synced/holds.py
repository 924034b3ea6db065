"""How long the law obliges a tenant to keep its accounting records (promise B3).

Periods count from the end of the calendar year in which the financial year ended:

- FI: Kirjanpitolaki 1336/1997, 2:10 §: vouchers (invoices, payments) six years.
- SE: Bokföringslag 1999:1078, 7 kap. 2 §: until the end of the seventh year after it.
- DE: § 147 (3) AO, § 257 (4) HGB and § 14b UStG: vouchers and invoices eight years, from the end
  of the calendar year in which the voucher arose. Until 2024 it was ten; the shorter period holds
  for all whose ten years had not ended by then (Art. 97 § 19a (2) EGAO), so for all that are left.

Where no rule is known here, ten years: longer than any of the European Union's for vouchers.
"""

from datetime import date
from types import MappingProxyType
from typing import Final

YEARS: Final = MappingProxyType({"FI": 6, "SE": 7, "DE": 8})
UNKNOWN: Final = 10

_BY_VOUCHER: Final = frozenset({"DE"})
"""Countries where the voucher's own calendar year counts, not the financial year's."""


def hold_until(country: str, dated: date, *, year_ends: int = 12) -> date:
    """The first day on which a voucher of `dated` need not be kept any more.

    Args:
        country: ISO 3166, two letters; of the seller, whose law it is.
        year_ends: month in which the seller's financial year ends.
    """
    after = dated.month > year_ends and country not in _BY_VOUCHER
    year = dated.year + after
    return date(min(year + YEARS.get(country, UNKNOWN) + 1, date.max.year), 1, 1)
