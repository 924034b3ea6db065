"""Payment card numbers never enter (promise A7): what looks like one is refused at the door.

A number is taken for a card's when its first digits and its length are those of an issuer's range
(ISO/IEC 7812-1) and its check digit is right (Luhn, annex B). Bank accounts (ISO 13616), creditor
references (ISO 11649) and UUIDs are taken out first: parts of them can look like one by chance.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from stdnum import iban, iso11649, luhn

_SHORTEST, _LONGEST = 14, 19
_NO_TELEPHONE: Final = 16
"""Digits after a plus that are too many for a telephone number (ITU-T E.164, §6)."""
_BETWEEN: Final = r"[\s._/·•\-\u2010-\u2015]{0,3}"
_RUN: Final = re.compile(rf"(?<!\d)\+?\d(?:{_BETWEEN}\d){{{_SHORTEST - 1},}}")
_SHAPED: Final = re.compile(
    r"(?<!\d)(?:\d{4}(?:[^\w\0]{1,6}\d{4}){3}|\d{4}[^\w\0]{1,6}\d{6}[^\w\0]{1,6}\d{5})(?!\d)"
)
"""Groups as they are printed on a card, with anything but letters and digits between them."""
_UNSEEN: Final = re.compile(
    "[\u00ad\u0300-\u036f\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u20d0-\u20ff\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]+"
)
"""What takes no room on a page, or joins the letter before it: it parts no number."""
_FIRSTS: Final = "23456"
"""First digits of the issuers below."""
_DIGITS: Final = re.compile(r"\d+")
_UUID: Final = re.compile(r"(?i)\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")
_ACCOUNT: Final = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{1,4}+){2,8}\b")
"""Each group as long as it can be: a text that is none would else be tried in thousands of ways."""

_ISSUERS: Final = re.compile(
    r"""
      4(?:\d{15}|\d{18})                                            # Visa
    | (?:5[1-5]\d{2}|222[1-9]|22[3-9]\d|2[3-6]\d{2}|27[01]\d|2720)\d{12}  # Mastercard
    | 3[47]\d{13}                                                   # American Express
    | 3(?:0[0-5]|095|6\d|[89]\d)\d{11,16}                           # Diners Club
    | (?:6011|64[4-9]\d|65\d{2})\d{12,15}                           # Discover
    | 35(?:2[89]|[3-8]\d)\d{12,15}                                  # JCB
    | 62\d{14,17}                                                   # UnionPay
    | 220[0-4]\d{12,15}                                             # Mir
    | (?:50|5[6-8]|6[0379])\d{14,17}                                # Maestro
    """,
    re.VERBOSE,
)


def holds_card(texts: Iterable[str]) -> bool:
    """Whether any of `texts` has a card's number in it, whatever stands between its digits."""
    listed = [text if text.isascii() else _plain(text) for text in texts]
    # At a glance, for the many that have none: nothing runs over a NUL.
    whole = "\0".join(listed)
    seen = _RUN.search(whole) is not None or _SHAPED.search(whole) is not None
    return seen and any(map(_holds, listed))


def _plain(text: str) -> str:
    return _UNSEEN.sub("", unicodedata.normalize("NFKC", _UNSEEN.sub("", text)))


def _holds(text: str) -> bool:
    cleared = _ACCOUNT.sub(_without_account, _UUID.sub(" ", text))
    if any(_is_card(number) for run in _RUN.findall(cleared) for number in _numbers(run)):
        return True
    return any(_is_card(_digits(shaped)) for shaped in _SHAPED.findall(cleared))


def _digits(text: str) -> str:
    return "".join(str(int(digit)) for digit in text if digit.isdecimal())


def _without_account(found: re.Match[str]) -> str:
    text = found[0]
    return " | " if iban.is_valid(text, check_country=False) or iso11649.is_valid(text) else text


def _numbers(run: str) -> Iterator[str]:
    """Every number that whole groups of a run make: `4111 1111 1111 1111 05/29` has one in it."""
    shortest = _NO_TELEPHONE if run.startswith("+") else _SHORTEST
    groups = ["".join(str(int(digit)) for digit in group) for group in _DIGITS.findall(run)]
    for first in range(len(groups)):
        if groups[first][0] not in _FIRSTS:
            continue
        number = ""
        for group in groups[first:]:
            number += group
            if len(number) > _LONGEST:
                break
            if len(number) >= shortest:
                yield number


def _is_card(number: str) -> bool:
    return _ISSUERS.fullmatch(number) is not None and luhn.is_valid(number)
