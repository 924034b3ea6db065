"""A disclosure as it is entered, and as it is shown."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

import msgspec

from privacy.identities.people import Person
from privacy.profiles.sharing import AuthorityReason, Ground


class Said(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is sealed. `values` are what a registry publishes, by field."""

    person: Person
    recipient: str
    reference: str
    contact: str = ""
    """Where the recipient is reached when something changes (GDPR Art. 19)."""
    values: dict[str, str] = {}

    def __repr__(self) -> str:
        return "<Said>"


@dataclass(frozen=True, slots=True)
class Disclosing:
    """What is told to whom. `at`: when; None means now.

    Args:
        reference: the letter, resolution or agreement that it rests on.
        contact: the recipient's address.
        document: an identity document itself goes, to a registrar; nothing of it is published.
    """

    service: str
    ground: Ground
    person: Person = field(repr=False)
    recipient: str = field(repr=False)
    reference: str = field(repr=False)
    fields: tuple[str, ...]
    reason: AuthorityReason | None = None
    contact: str = field(default="", repr=False)
    at: datetime | None = None
    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    document: bool = False


@dataclass(frozen=True, slots=True)
class DisclosureView:
    """One entry of the register."""

    id: uuid.UUID
    service: str
    ground: Ground
    reason: AuthorityReason | None
    fields: tuple[str, ...]
    person: Person = field(repr=False)
    recipient: str = field(repr=False)
    contact: str = field(repr=False)
    reference: str = field(repr=False)
    values: Mapping[str, str] = field(repr=False)
    at: datetime | None
    recorded_at: datetime
    recorded_by: uuid.UUID | None
    ends_on: date

    @property
    def made(self) -> bool:
        """Whether it was told; otherwise it is a preview."""
        return self.at is not None
