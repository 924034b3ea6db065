"""What a service's profile declares of inquiries; the rest is refused, with a reason (A12)."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import msgspec
from msgspec import structs

from connector.inquiries.channels import Channel, Topic
from connector.inquiries.contents import Contact, Technical
from connector.inquiries.keeping import KIND, TECHNICAL_KIND, UNOFFICIAL_KIND
from connector.inquiries.texts import many_lines, one_line
from connector.synced.cards import holds_card
from privacy.core.errors import Invalid, Misconfigured
from privacy.profiles import Profile, profile
from tenants.emails import checked

SERVICES: Final = ("C", "V")
"""Whose profiles know inquiries from web forms."""

LONGEST: Final = {
    "name": 200,
    "email": 254,
    "telephone": 40,
    "company": 200,
    "handle": 100,
    "message": 5000,
}
"""Characters, after tidying."""
TYPED: Final = ("name", "email", "telephone", "company", "topic", "message")
"""What a person can type into a form, in the order in which it is asked."""
_OF_CONTACT: Final = ("name", "email", "telephone", "company", "topic")

_FEWEST_DIGITS: Final = 5
_REFUSED: Final = (
    "This field is not declared in the privacy policy of the service, so it is not taken."
)


CARD: Final = "There is a payment card number here. Leave it out: card numbers are never kept."
"""Promise A7: they enter nowhere, whoever types them."""


class NotDeclared(Invalid):
    """A datum that no profile declares."""

    code = "not_declared"
    message = "Something was sent that the privacy policy does not declare. Leave it out."


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed, checked and tidied."""

    contact: Contact
    message: str

    def __repr__(self) -> str:
        return "<Asked>"


def fields_of(service: str) -> frozenset[str]:
    """Fields that an inquiry of the service may have.

    Raises:
        Invalid: the service knows no inquiries.
    """
    if service not in SERVICES:
        raise Invalid("This service takes no inquiries.", code="no_inquiries")
    return profile(service).declared_fields(KIND) & {*TYPED, "language"}


def check_channel(service: str, channel: Channel) -> None:
    """Raise Invalid where the service's policy does not know unofficial channels (promise D6)."""
    if channel is not Channel.UNOFFICIAL:
        return
    try:
        profile(service).kind(UNOFFICIAL_KIND)
    except Misconfigured:
        raise Invalid(
            "The privacy policy of this service knows no unofficial channels.",
            code="channel_not_declared",
            fields={"channel": "Choose a channel that the policy declares."},
        ) from None


def read_fields(
    service: str,
    sent: dict[str, str],
    *,
    wanted: Collection[str] = TYPED,
    required: Collection[str] = ("name", "message"),
    handle: str | None = None,
    language: str | None = None,
) -> Asked:
    """What was typed, as it is kept.

    Raises:
        NotDeclared: a field that neither the profile nor the form knows; which, is not repeated.
        Invalid: `details["fields"]` says what is missing, too long, or not an address.
    """
    declared = fields_of(service)
    allowed = declared & set(wanted)
    if set(sent) - allowed:
        raise NotDeclared(fields={_known(name): _REFUSED for name in set(sent) - allowed})
    tidy = {name: _tidy(name, sent.get(name, "")) for name in allowed}
    wrong = _complaints(tidy, set(required) & allowed, reachable=handle is not None)
    if wrong:
        raise Invalid(fields=wrong)
    email = tidy.get("email") or None
    contact = Contact(
        name=tidy.get("name", ""),
        email=checked(email) if email else None,
        telephone=tidy.get("telephone") or None,
        company=tidy.get("company") or None,
        topic=tidy.get("topic") or None,
        handle=one_line(handle)[: LONGEST["handle"]] if handle else None,
        language=language if "language" in declared else None,
    )
    return Asked(contact, tidy.get("message", ""))


def check_declared(rules: Profile, asked: Asked) -> None:
    """Refuse what the tenant's own profile leaves out (promise A12). Raises NotDeclared."""
    declared = rules.declared_fields(KIND)
    given = {name for name in _OF_CONTACT if getattr(asked.contact, name)}
    if given - declared:
        raise NotDeclared(fields=dict.fromkeys(given - declared, _REFUSED))


def strip_technical(rules: Profile, technical: Technical) -> Technical:
    """Only what the tenant's policy says of its technical log (promise A4)."""
    declared = rules.declared_fields(TECHNICAL_KIND)
    hidden = {field.name: None for field in msgspec.structs.fields(Technical)
              if field.name not in declared}  # fmt: skip
    return structs.replace(technical, **hidden)


def _tidy(name: str, text: str) -> str:
    return many_lines(text) if name == "message" else one_line(text)


def _complaints(tidy: dict[str, str], required: set[str], *, reachable: bool) -> dict[str, str]:
    """What is wrong with which field; one thing of each."""
    wrong = _missing(tidy, required) | _too_long(tidy) | _not_to_be_kept(tidy)
    if not wrong and not reachable:
        wrong = _out_of_reach(tidy)
    return _unreadable(tidy) | wrong


def _missing(tidy: dict[str, str], required: set[str]) -> dict[str, str]:
    return {name: "Fill in this field." for name in required if not tidy.get(name)}


def _too_long(tidy: dict[str, str]) -> dict[str, str]:
    return {
        name: f"Use at most {most} characters."
        for name, most in LONGEST.items()
        if len(tidy.get(name, "")) > most
    }


def _not_to_be_kept(tidy: dict[str, str]) -> dict[str, str]:
    """Card numbers (promise A7), and topics that nobody reads."""
    wrong = {name: CARD for name, text in tidy.items() if holds_card((text,))}
    if tidy.get("topic") and tidy["topic"] not in set(Topic):
        wrong["topic"] = "Choose one of the topics."
    return wrong


def _out_of_reach(tidy: dict[str, str]) -> dict[str, str]:
    if tidy.get("email") or tidy.get("telephone"):
        return {}
    name = "email" if "email" in tidy else "telephone"
    return {name: "Give an e-mail address or a telephone number, so that you can be answered."}


def _unreadable(tidy: dict[str, str]) -> dict[str, str]:
    """Addresses and numbers that are none."""
    wrong: dict[str, str] = {}
    if tidy.get("email"):
        try:
            checked(tidy["email"])
        except Invalid:
            wrong["email"] = "This is not an e-mail address."
    number = tidy.get("telephone", "")
    if number and sum(character.isdigit() for character in number) < _FEWEST_DIGITS:
        wrong["telephone"] = "This is not a telephone number."
    return wrong


def _known(name: str) -> str:
    """A field's name only where it is one of ours: others can be anything."""
    return name if name in TYPED else ""
