"""What people enter is checked at the door: each refusal names its field and says what to do."""

import phonenumbers

from connector.calls.numbers import canonical
from connector.contacts.registers import register_number_is_valid, vat_id_is_valid
from connector.synced.refusals import card_in
from connector.synced.shapes import Contact
from privacy.core.errors import Invalid
from tenants.emails import checked

_LONGEST = 200
_MOST = 20


class CardNumber(Invalid):
    """A payment card's number stands in what was sent (promise A7)."""

    code = "card_number"
    message = "There is a payment card number in a field. Card numbers are never kept here."


def check_contact(contact: Contact, *, region: str) -> None:
    """Refuse a contact that a person entered, where something in it is wrong.

    Args:
        region: ISO 3166 country that national numbers are from.

    Raises:
        CardNumber: a card's number stands somewhere in it.
        Invalid: `details["fields"]` says which field and why.
    """
    if card_in(contact):
        raise CardNumber
    wrong = _texts(contact) | _reach(contact, region) | _identifiers(contact, region)
    if wrong:
        raise Invalid(fields=wrong)


def _texts(contact: Contact) -> dict[str, str]:
    wrong = {}
    if not contact.name.strip():
        wrong["name"] = "Enter a name."
    for name in ("name", "contact_person", "code", "group", "language"):
        if len(getattr(contact, name)) > _LONGEST:
            wrong[name] = f"Use up to {_LONGEST} characters."
    address = contact.address
    if address is None:
        return wrong
    if any(len(part) > _LONGEST for part in (address.street, address.postcode, address.city)):
        wrong["address"] = f"Use up to {_LONGEST} characters in each part."
    if address.country and address.country not in phonenumbers.SUPPORTED_REGIONS:
        wrong["country"] = "Enter a country's two letters, for example FI."
    return wrong


def _reach(contact: Contact, region: str) -> dict[str, str]:
    wrong = {}
    if len(contact.emails) > _MOST or not all(map(_is_email, contact.emails)):
        wrong["emails"] = f"Enter up to {_MOST} e-mail addresses, for example name@example.com."
    numbers = [canonical(phone, region) or "" for phone in contact.phones]
    if len(numbers) > _MOST or not all(number.startswith("+") for number in numbers):
        wrong["phones"] = f"Enter up to {_MOST} telephone numbers, best with country code."
    return wrong


def _is_email(email: str) -> bool:
    try:
        checked(email)
    except Invalid:
        return False
    return True


def _identifiers(contact: Contact, region: str) -> dict[str, str]:
    wrong = {}
    country = (contact.address.country if contact.address else "") or region
    if contact.vat_id and not vat_id_is_valid(contact.vat_id, country):
        wrong["vat_id"] = "This VAT id is not formed rightly. Check each digit and its country."
    number = contact.company_register_number
    if number and register_number_is_valid(number, country) is False:
        wrong["company_register_number"] = (
            "This number is not formed as its country's register forms them. Check each digit."
        )
    elif len(number) > _LONGEST:
        wrong["company_register_number"] = f"Use up to {_LONGEST} characters."
    return wrong
