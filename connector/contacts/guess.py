"""Find contacts by whatever somebody types: a number, an address, a name, a VAT id, a code."""

import re
from collections.abc import Iterator
from typing import Final

from connector.calls.numbers import DEFAULT_REGION
from connector.contacts.kinds import TokenKind
from connector.contacts.search import ContactQuery, search_contacts
from connector.synced.shapes import Contact
from connector.synced.views import RecordView
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid
from privacy.vault.keyring import Keyring

_NUMBER: Final = re.compile(r"\+?[\d\s()/.\-]{5,}")
_IDENTIFIER: Final = re.compile(r"[A-Za-z]{0,4}[\s\-]?[\d\s\-]{2,}[A-Za-z]{0,2}")


def search_anything(
    work: UnitOfWork, *, vault: Keyring, text: str, region: str = DEFAULT_REGION
) -> list[RecordView[Contact]]:
    """The contacts that `text` finds, by the first kind of thing that it can be and finds any.

    Raises:
        Invalid: it is empty, or nothing that a contact is found by.
    """
    tried = False
    for kind in _kinds(text):
        query = ContactQuery(kind, text, region)
        try:
            query.check()
        except Invalid:
            continue
        tried = True
        if found := search_contacts(work, vault=vault, query=query):
            return found
    if not tried:
        raise Invalid(fields={"text": "Enter a whole number, e-mail address or name."})
    return []


def _kinds(text: str) -> Iterator[TokenKind]:
    if "@" in text:
        yield TokenKind.EMAIL
        return
    if _NUMBER.fullmatch(text.strip()):
        yield TokenKind.PHONE
    if _IDENTIFIER.fullmatch(text.strip()):
        yield from (TokenKind.VAT_ID, TokenKind.REGISTER)
    yield from (TokenKind.NAME, TokenKind.CODE)
