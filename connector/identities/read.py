"""An address or a number in any usual spelling → the one that is compared."""

from typing import Final

from connector.calls.numbers import DEFAULT_REGION, canonical, identity_of
from connector.synced.cards import holds_card
from privacy.core.errors import Invalid
from privacy.identities.people import Person
from privacy.identities.shapes import Identity

_CARD: Final = "There is a payment card number here. Leave it out: card numbers are never kept."


def read_number(number: str, region: str = DEFAULT_REGION) -> Identity:
    """A telephone number; `region` (ISO 3166) reads national spellings. Raises Invalid."""
    known = identity_of(canonical(number, region))
    # Exchanges send names as numbers, too; whoever objects or agrees gives a number or address.
    if known is None or not (known.removeprefix("+").isdigit() or ":" in known):
        raise Invalid(fields={"number": "Enter a telephone number."})
    return Identity.phone(known)


def refuse_cards(**texts: str) -> None:
    """Nobody's payment card stands in a register (promise A7). Raises Invalid, by field."""
    wrong = {name: _CARD for name, text in texts.items() if holds_card((text,))}
    if wrong:
        raise Invalid(fields=wrong, code="card_number")


def read_identity(
    *,
    email: str | None = None,
    number: str | None = None,
    visitor: str | None = None,
    region: str = DEFAULT_REGION,
) -> Identity:
    """Exactly one of the three. Raises Invalid."""
    if sum(bool(one) for one in (email, number, visitor)) != 1:
        raise Invalid("Name one address or number.")
    if email:
        return Identity.email(email)
    return read_number(number, region) if number else Identity.visitor(visitor or "")


def read_either(text: str) -> Identity:
    """An address, where there is an @, else a number. Raises Invalid."""
    try:
        return Identity.email(text) if "@" in text else read_number(text)
    except Invalid:
        raise Invalid("Enter an e-mail address or a telephone number.") from None


def read_person(
    *,
    email: str | None = None,
    number: str | None = None,
    visitor: str | None = None,
    name: str | None = None,
    region: str = DEFAULT_REGION,
) -> Person:
    """A person with each identity in its one spelling. Raises Invalid."""
    refuse_cards(name=name or "")
    return Person(
        email=Identity.email(email).text if email else "",
        phone=read_number(number, region).text if number else "",
        visitor=Identity.visitor(visitor).text if visitor else "",
        name=(name or "").strip(),
    )
