"""What is entered into free fields, checked at the door (promises A7, A11, A12)."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final, Protocol

from connector.free_fields.kinds import FieldType
from connector.synced.cards import holds_card
from privacy.core.errors import Invalid
from privacy.core.writings import is_text

LONGEST: Final = 2_000
"""Characters of a text."""
_DIGITS: Final = re.compile(r"-?\d{1,15}([.,]\d{1,9})?", re.ASCII)
_CARD: Final = "There is a payment card number here. Leave it out: card numbers are never kept."


class NotDeclared(Invalid):
    """A field that the tenant has not declared, so nobody has said why it is kept."""

    code = "not_declared"
    message = "Something was sent that no field is declared for. Leave it out, or declare it first."


class Declared(Protocol):
    """As much of a field as its values are checked by."""

    @property
    def key(self) -> str:
        """What programs call it."""

    @property
    def type(self) -> str:
        """One of FieldType."""

    @property
    def choices(self) -> Sequence[str]:
        """Words to choose from."""


def check_values(fields: Sequence[Declared], given: Mapping[str, str]) -> dict[str, str]:
    """What was entered in its one form, by the field's key; empty texts empty a field.

    Raises:
        NotDeclared: a key that no field has; which, is not repeated.
        Invalid: `details["fields"]` says what is wrong with which field.
    """
    known = {field.key: field for field in fields}
    if set(given) - set(known):
        raise NotDeclared
    tidy, wrong = dict[str, str](), dict[str, str]()
    for key, text in given.items():
        said = " ".join(unicodedata.normalize("NFC", text).split())
        if not said:
            tidy[key] = ""
            continue
        complaint = _complaint(known[key], said)
        if complaint:
            wrong[key] = complaint
        else:
            tidy[key] = _FORMS.get(FieldType(known[key].type), str)(said)
    if wrong:
        raise Invalid(fields=wrong)
    return tidy


def _complaint(field: Declared, said: str) -> str:
    if len(said) > LONGEST:
        return f"Use at most {LONGEST} characters."
    if not is_text(said, longest=LONGEST):
        return "Leave out characters that cannot be seen."
    if holds_card((said,)):
        return _CARD
    match FieldType(field.type):
        case FieldType.NUMBER if not _DIGITS.fullmatch(said):
            return "Enter a number, like 12 or 12.5."
        case FieldType.DATE if not _is_date(said):
            return "Enter a date, like 2026-11-22."
        case FieldType.YES_NO if said.lower() not in ("yes", "no"):
            return "Enter yes or no."
        case FieldType.CHOICE if said not in field.choices:
            return "Choose one of the words that are offered."
        case _:
            return ""


def _is_date(said: str) -> bool:
    try:
        return date.fromisoformat(said).isoformat() == said
    except ValueError:
        return False


def _number(said: str) -> str:
    try:
        return f"{Decimal(said.replace(',', '.')).normalize():f}"
    except InvalidOperation:  # pragma: no cover - the pattern allows none
        return said


_FORMS: Final[Mapping[FieldType, Callable[[str], str]]] = {
    FieldType.NUMBER: _number,
    FieldType.YES_NO: str.lower,
}
