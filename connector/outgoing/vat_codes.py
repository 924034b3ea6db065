"""How books call the tax treatment of a line: their own codes, as Netvisor's KOMY or EUMY."""

import re
from typing import Final

_CODE: Final = re.compile(r"([A-Z0-9]{2,10})?")
WRONG: Final = "Enter a code of the books, like KOMY, or nothing."


def may_be_vat_code(code: str) -> bool:
    """Whether it is formed like one; empty leaves the choice to the books."""
    return _CODE.fullmatch(code) is not None
