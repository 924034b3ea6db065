"""Card numbers, which never enter anywhere (promise A7)."""

import re
from typing import Final

_RUN = re.compile(r"(?<![0-9])[0-9](?:[ -]?[0-9]){12,18}(?![0-9])", re.ASCII)
_ISSUERS: Final = ("2", "3", "4", "5", "6")
_DOUBLED: Final = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)


def holds_card_number(text: str) -> bool:
    """Whether 13 to 19 digits in a text, perhaps in groups, can be a payment card's (ISO 7812:
    issuers' first digits and the check digit)."""
    return any(_is_card(re.sub(r"[ -]", "", found[0])) for found in _RUN.finditer(text))


def without_card_number(text: str) -> str:
    """The text, or nothing where it holds a card number."""
    return "" if holds_card_number(text) else text


def _is_card(digits: str) -> bool:
    if not digits.startswith(_ISSUERS):
        return False
    places = [int(digit) for digit in reversed(digits)]
    return (sum(places[::2]) + sum(_DOUBLED[place] for place in places[1::2])) % 10 == 0
