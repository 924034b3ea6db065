"""What a person is known by, in the one spelling that is compared."""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

from privacy.core.errors import Invalid

LONGEST: Final = 254
_SPECIALS: Final = frozenset('()<>[],;:\\"')
"""RFC 5322 §3.2.3: with them one text can be two addresses, and one mailbox many texts."""


def folded(address: str) -> str:
    """An address as it is compared and digested: NFKC, trimmed, case folded. Never raises.

    The local part is case-sensitive by RFC 5321 §2.4, and by no provider that people use:
    treating `A@` and `a@` as two people would only help impostors.
    """
    return unicodedata.normalize("NFKC", address.strip()[: 2 * LONGEST]).casefold()


class Way(StrEnum):
    """Kinds of identities. Equal texts of two kinds are two people, as far as we know."""

    EMAIL = "email"
    PHONE = "phone"
    VISITOR = "visitor"
    """A random id in a visitor's own browser, for choices of cookies (promise D4)."""


@dataclass(frozen=True, slots=True)
class Identity:
    """One way to reach or to recognise a person."""

    way: Way
    text: str

    @classmethod
    def email(cls, address: str) -> Self:
        """An e-mail address: NFKC, trimmed, case folded. Raises Invalid."""
        text = folded(address)
        name, at, host = text.rpartition("@")
        whole = name and at and host and not _SPECIALS & set(text)
        if not whole or len(text) > LONGEST or not _is_plain(text):
            raise Invalid(fields={"email": "Enter an e-mail address."})
        return cls(Way.EMAIL, text)

    @classmethod
    def phone(cls, canonical: str) -> Self:
        """A number in its canonical form, E.164 where it is a subscriber's. Raises Invalid."""
        if not 2 <= len(canonical) <= 128 or not _is_plain(canonical):
            raise Invalid(fields={"number": "Enter a telephone number."})
        return cls(Way.PHONE, canonical)

    @classmethod
    def visitor(cls, random_id: str) -> Self:
        """A visitor's random id, 22 characters or more. Raises Invalid."""
        if not 22 <= len(random_id) <= 64 or not random_id.isascii() or not _is_plain(random_id):
            raise Invalid(fields={"visitor": "Send a random id of 22 to 64 characters."})
        return cls(Way.VISITOR, random_id)


def _is_plain(text: str) -> bool:
    return text.isprintable() and not any(character.isspace() for character in text)
