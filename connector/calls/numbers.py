"""One form for each number, whatever way an exchange writes it.

`canonical` gives E.164 (+358…) where the number is a subscriber's, and otherwise keeps what was
sent, without spaces and marks: short and internal numbers, service codes, SIP and client
addresses, names. A label of a withheld number is kept too, so that it can be shown; it is no
person, so `identity_of` gives None for it and nobody is found by it.
"""

from collections.abc import Iterable, Set
from functools import lru_cache
from typing import Final

import phonenumbers
from phonenumbers import CountryCodeSource, NumberParseException, PhoneNumber, PhoneNumberFormat

from connector.calls.countries import E164, all_canonical
from connector.calls.spellings import MAX_LENGTH, address, dialled, tidy

DEFAULT_REGION: Final = "FI"
SHORT: Final = 6
"""Up to here, digits without a trunk prefix are an extension or a short code (112, 116117)."""

WITHHELD: Final = frozenset(
    (
        *("anonymous", "anonym", "anonymus", "anonyymi", "unknown", "unbekannt", "okänd"),
        *("tuntematon", "restricted", "private", "privat", "withheld", "dold", "hemligt"),
        *("salainen", "unavailable", "blocked", "hidden", "undisclosed", "asserted-none"),
        *("undefined", "null", "none", "n/a", "<unknown>", "<null>", "no number"),
        *("no caller id", "not available", "number withheld", "private number", "ei numeroa"),
        "+266696687",
    )
)
"""Labels, folded. +266696687 is "anonymous" on a keypad, as some carriers send it."""

_NONE: Final = frozenset((None,))
_ROUNDS: Final = 16


def canonical(number: str | None, region: str = DEFAULT_REGION) -> str | None:
    """The one form of a number; None for none. `region` (ISO 3166) reads national numbers.

    Never raises, and is idempotent. At most 128 characters; what is longer is cut.
    """
    if number is None or E164.match(number):
        return number
    return _canonical(number[: MAX_LENGTH * 4], region)


def canonical_many(numbers: Iterable[str | None], region: str = DEFAULT_REGION) -> list[str | None]:
    """`canonical` of each, in order, working once for each distinct number."""
    sent = list(numbers)
    known = canonical_of(set(sent), region)
    return [known[number] for number in sent]


def canonical_of(numbers: Set[str | None], region: str) -> dict[str | None, str | None]:
    """`canonical` of each distinct number, seen at a glance where all have that form already."""
    if all_canonical(number for number in numbers if number is not None):
        return dict(zip(numbers, numbers, strict=True))
    return {number: canonical(number, region) for number in numbers}


def identities_of(canonical_numbers: Set[str | None]) -> Set[str | None]:
    """Those of the canonical numbers that somebody is found by."""
    return canonical_numbers - WITHHELD - _NONE


def identity_of(canonical_number: str | None) -> str | None:
    """What a canonical number is found by: itself, or None where it is withheld."""
    if canonical_number is None or is_withheld(canonical_number):
        return None
    return canonical_number


def is_withheld(canonical_number: str) -> bool:
    """Whether this says that a number was not given, rather than being one."""
    return canonical_number in WITHHELD


# Numbers of living calls only, in the process's memory only, and few of them.
@lru_cache(maxsize=16_384)
def _canonical(number: str, region: str) -> str | None:
    """Until it changes no more: each step can lay bare what the next one reads."""
    for _ in range(_ROUNDS):
        shorter = _step(number, region)
        if shorter is None or shorter == number:
            return shorter
        number = shorter
    return number


def _step(number: str, region: str) -> str | None:
    text = tidy(number)
    folded = text.casefold()
    if folded in WITHHELD:
        return folded
    if not any(character.isalnum() or character in "*#" for character in text):
        return None
    compact = dialled(text)
    if compact is None:
        return address(text)
    return _subscriber(compact, region) or compact


def _subscriber(digits: str, region: str) -> str | None:
    """E.164 of digits with or without a plus, or None for what is no subscriber's number."""
    if digits.startswith("+"):
        return _international(digits)
    if not digits.isdigit() or (len(digits) <= SHORT and not digits.startswith("0")):
        return None
    national = _national(digits, region)
    return national or (_foreign(digits[2:]) if digits.startswith("00") else None)


def _international(digits: str) -> str | None:
    number = _parse(digits, None)
    return _e164(number) if number else None


def _national(digits: str, region: str) -> str | None:
    number = _parse(digits, region)
    if number is None:
        return None
    if number.country_code_source == CountryCodeSource.FROM_NUMBER_WITH_IDD:
        return _e164(number)
    trunk = digits.startswith("0") and phonenumbers.is_possible_number(number)
    return _e164(number) if trunk or phonenumbers.is_valid_number(number) else None


def _foreign(digits: str) -> str | None:
    """00 is not every country's way out, but exchanges write it everywhere."""
    number = _parse(f"+{digits}", None)
    return _e164(number) if number and phonenumbers.is_possible_number(number) else None


def _parse(digits: str, region: str | None) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(digits, region, keep_raw_input=True)
    except NumberParseException:
        return None


def _e164(number: PhoneNumber) -> str | None:
    """E.164 has at most 15 digits (ITU-T E.164, §6); fewer than 7 reach nobody abroad."""
    written = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    return written if 8 <= len(written) <= 16 else None
