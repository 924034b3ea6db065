"""How books call the tax treatment of a line: their own codes, as Netvisor's KOMY or EUMY."""

import re
from decimal import Decimal
from typing import Final

_CODE: Final = re.compile(r"([A-Z0-9]{2,10})?")
_WITHOUT_TAX: Final = frozenset(
    {"NONE", "EUMY", "EUUM", "EUUO", "EUPM309", "EUPM312", "RAMY", "KOMY0", "100"}
)
"""Codes that Netvisor's table of VAT classes and codes (its article 77000557878) knows with 0 %
only. Of NONE it says that a rate of 0 is always recorded: tax that was asked for would be lost."""
WRONG: Final = "Enter a code of the books, like KOMY, or nothing."


def wrong_vat_code(code: str, percent: Decimal) -> str:
    """What is wrong with a code beside this percentage; nothing is with an empty one, which leaves
    the choice to the books. Codes that are not known here are for the books to refuse."""
    if _CODE.fullmatch(code) is None:
        return WRONG
    if code in _WITHOUT_TAX and percent > 0:
        return f"The books know {code} with 0 % only. Enter 0 %, or another code."
    return ""
