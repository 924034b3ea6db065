"""What reading a contact shows: its numbers in one form, what it is found by, and doubts."""

from collections.abc import Iterator
from typing import Final

import phonenumbers

from connector.calls.numbers import canonical
from connector.contacts.kinds import TokenKind
from connector.contacts.registers import compact, register_number_is_valid, vat_id_is_valid
from connector.synced.columns import Doubt
from connector.synced.shapes import Contact, RecordKind
from connector.synced.shelves import Circumstances, Findings
from tenants.emails import folded

MOST_WORDS: Final = 200
"""Texts that one contact is found by; a list of more is no contact."""


def findings_of(contact: Contact, external_id: str, seen: Circumstances) -> Findings:
    """Everything that has to be known beside the seal."""
    numbers = numbers_of(contact, seen.region)
    words = dict.fromkeys(_words(contact, numbers))
    return Findings(
        about=(RecordKind.CONTACTS, external_id),
        doubts=_doubts(contact, seen),
        numbers=numbers,
        words=tuple(words)[:MOST_WORDS],
    )


def numbers_of(contact: Contact, region: str) -> tuple[str, ...]:
    """Subscribers' numbers in E.164; national ones are read as of the contact's own country."""
    country = contact.address.country if contact.address else ""
    home = country if country in phonenumbers.SUPPORTED_REGIONS else region
    read = (canonical(phone, home) for phone in contact.phones)
    return tuple(dict.fromkeys(number for number in read if number and number.startswith("+")))


def name_word(name: str) -> str:
    """A name as it is compared: folded, single spaces."""
    return " ".join(folded(name).split())


def _words(contact: Contact, numbers: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for number in numbers:
        yield TokenKind.PHONE.value, number
    for email in contact.emails:
        if email.strip():
            yield TokenKind.EMAIL.value, folded(email)
    for name in (contact.name, contact.contact_person):
        if name.strip():
            yield TokenKind.NAME.value, name_word(name)
    for kind, text in (
        (TokenKind.VAT_ID, contact.vat_id),
        (TokenKind.REGISTER, contact.company_register_number),
        (TokenKind.CODE, contact.code),
    ):
        if compact(text):
            yield kind.value, compact(text)


def _doubts(contact: Contact, seen: Circumstances) -> Doubt:
    country = contact.address.country if contact.address else ""
    doubts = Doubt.NONE
    if contact.vat_id and not vat_id_is_valid(contact.vat_id, country or seen.region):
        doubts |= Doubt.VAT_ID
    number = contact.company_register_number
    if number and register_number_is_valid(number, country or seen.region) is False:
        doubts |= Doubt.REGISTER_NUMBER
    if not contact.phones and not contact.emails:
        doubts |= Doubt.UNREACHABLE
    return doubts
