"""What somebody registers with (promise A9), and what has to be true of it (promise D1)."""

from collections.abc import Mapping
from datetime import date
from typing import Final

import msgspec

from connector.calls.numbers import DEFAULT_REGION, canonical, identity_of
from connector.inquiries.declared import CARD, NotDeclared
from connector.inquiries.texts import many_lines, one_line
from connector.synced.cards import holds_card
from privacy.core.errors import Invalid
from privacy.profiles import profile
from privacy.restrictions.standing import Restricted
from tenants.emails import checked

KIND: Final = "registrations"
FIELDS: Final = (
    *("login", "first_name", "last_name", "patronymic", "birth_date", "place_of_residence"),
    *("region", "email", "organisation", "address", "postcode", "telephone", "other_entries"),
)
"""In the order in which they are asked."""
REQUIRED: Final = ("login", "first_name", "last_name", "birth_date", "email")
_LONGEST: Final = 200
_LONGEST_ENTRY: Final = 2000
_OLDEST: Final = 130


class Details(msgspec.Struct, frozen=True, omit_defaults=True):
    """A registration. Empty: not given."""

    login: str
    first_name: str
    last_name: str
    email: str
    birth_date: str = ""
    patronymic: str = ""
    place_of_residence: str = ""
    region: str = ""
    organisation: str = ""
    address: str = ""
    postcode: str = ""
    telephone: str = ""
    other_entries: str = ""

    def __repr__(self) -> str:
        return "<Details>"

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}".strip()


def read_details(service: str, sent: Mapping[str, str], *, today: date) -> Details:
    """What was typed, checked and tidied.

    Raises:
        NotDeclared: a field that the profile does not know (promise A12).
        Invalid: `details["fields"]` says what is missing or wrong.
    """
    declared = profile(service).declared_fields(KIND) & set(FIELDS)
    if set(sent) - declared:
        raise NotDeclared
    tidy: dict[str, str] = {
        name: _tidy(name, sent.get(name, "")) for name in FIELDS if name in declared
    }
    wrong = _complaints(service, tidy, today)
    if wrong:
        raise Invalid(fields=wrong)
    return Details(**(tidy | {"email": checked(tidy["email"])}))


def is_of_age(birth: date, years: int, *, today: date) -> bool:
    """Whether somebody is `years` old today; who was born on 29 February is on 1 March."""
    try:
        then = birth.replace(year=birth.year + years)
    except ValueError:
        then = date(birth.year + years, 3, 1)
    return then <= today


def withheld(details: Details, standing: Restricted) -> Details:
    """The same, without who it is where that is a restricted person (GDPR Art. 18(2))."""
    number = identity_of(canonical(details.telephone, DEFAULT_REGION))
    hidden = standing.has_email(details.email) or standing.has_phone(number)
    return Details("", "Restricted", "", "") if hidden else details


def encode(details: Details) -> bytes:
    """MessagePack, to be sealed."""
    return msgspec.msgpack.encode(details)


def decode(data: bytes) -> Details:
    """The opposite of `encode`."""
    return msgspec.msgpack.decode(data, type=Details)


def _tidy(name: str, text: str) -> str:
    return many_lines(text) if name == "other_entries" else one_line(text)


def _complaints(service: str, tidy: Mapping[str, str], today: date) -> dict[str, str]:
    wrong = {name: "Fill in this field." for name in REQUIRED if not tidy.get(name)}
    for name, text in tidy.items():
        most = _LONGEST_ENTRY if name == "other_entries" else _LONGEST
        if len(text) > most:
            wrong[name] = f"Use at most {most} characters."
        elif holds_card((text,)):
            wrong[name] = CARD
    if "email" not in wrong and not _is_address(tidy["email"]):
        wrong["email"] = "This is not an e-mail address."
    if "login" not in wrong and ("@" in tidy["login"] or len(tidy["login"]) < 3):
        wrong["login"] = "Use at least three characters, and no @."
    if "birth_date" not in wrong:
        complaint = _too_young(service, tidy["birth_date"], today)
        if complaint:
            wrong["birth_date"] = complaint
    return wrong


def _too_young(service: str, text: str, today: date) -> str:
    try:
        birth = date.fromisoformat(text)
    except ValueError:
        return "Write the date as year-month-day, like 1990-12-31."
    if not today.year - _OLDEST <= birth.year <= today.year or birth > today:
        return "This cannot be a birth date."
    rules = profile(service).registration
    years = rules.minimum_age if rules else 18
    if not is_of_age(birth, years, today=today):
        return f"Whoever registers must be {years} years old."
    return ""


def _is_address(text: str) -> bool:
    try:
        checked(text)
    except Invalid:
        return False
    return True
