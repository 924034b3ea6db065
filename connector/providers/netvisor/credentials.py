"""What an account needs to talk to Netvisor. Customer and partner have an id and a key each."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from connector.outbound.recipients import Recipient

PRODUCTION: Final = "https://integration.netvisor.fi"
TESTING: Final = "https://isvapi.netvisor.fi"
"""Test and production have different credentials."""


class Algorithm(StrEnum):
    """X-Netvisor-Authentication-MACHashCalculationAlgorithm. The first for whoever can choose."""

    HMACSHA256 = "HMACSHA256"
    SHA256 = "SHA256"
    MD5 = "MD5"


class Language(StrEnum):
    """X-Netvisor-Interface-Language: of error texts."""

    EN = "EN"
    FI = "FI"
    SE = "SE"


@dataclass(frozen=True, slots=True, kw_only=True)
class NetvisorCredentials:
    """The keys are never sent and never shown. All text is ISO 8859-1, as headers and MAC are.

    Raises ValueError, which says what to correct and repeats no value.
    """

    customer_id: str
    customer_key: str = field(repr=False)
    partner_id: str
    partner_key: str = field(repr=False)
    organisation_id: str
    """The Finnish business id of the company whose books these are, with its dash."""
    sender: str = "Silta"
    language: Language = Language.EN
    algorithm: Algorithm = Algorithm.HMACSHA256
    base_url: str = PRODUCTION

    def __post_init__(self) -> None:
        texts = (self.customer_id, self.customer_key, self.partner_id, self.partner_key)
        for text in (*texts, self.organisation_id, self.sender):
            if not text or text != text.strip() or not text.isprintable():
                raise ValueError("ids, keys and sender are not empty and have no spaces around")
            if not _is_latin_1(text):
                raise ValueError("ids, keys and sender are written in Latin letters (ISO 8859-1)")
        Recipient.of(self.base_url)
        if self.base_url.endswith("/"):
            raise ValueError("base_url has no slash at its end")

    @property
    def recipient(self) -> Recipient:
        """Whom these credentials are for; the profile decides whether it may be sent to."""
        return Recipient.of(self.base_url)

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no output may repeat."""
        return self.customer_key, self.partner_key


def _is_latin_1(text: str) -> bool:
    return all(ord(letter) < 256 for letter in text)
