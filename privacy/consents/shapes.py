"""A consent as it is given, and as it is shown."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from privacy.consents.purposes import ConsentPurpose
from privacy.identities.people import Person


class ConsentChannel(StrEnum):
    """How a person said it."""

    FORM = "form"
    LETTER = "letter"
    MAIL = "email"
    TELEPHONE = "telephone"
    CHAT = "chat"
    SNIPPET = "snippet"
    """The cookie choices on a tenant's own site."""
    UNSUBSCRIBE = "unsubscribe"
    """One click in a mail."""


class ConsentAct(StrEnum):
    """What happened."""

    GIVEN = "given"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Wording:
    """The very words that were agreed to. `language` is BCP 47, `version` the tenant's own."""

    text: str
    language: str
    version: str


@dataclass(frozen=True, slots=True)
class GivenConsent:
    """What somebody agreed to. `at` is when; None: now. `evidence` says where the proof is."""

    service: str
    purpose: ConsentPurpose
    person: Person = field(repr=False)
    wording: Wording
    channel: ConsentChannel
    at: datetime | None = None
    evidence: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class ConsentEventView:
    """One act in a consent's life."""

    act: ConsentAct
    at: datetime
    recorded_at: datetime
    channel: ConsentChannel
    evidence: str = field(repr=False)
    recorded_by: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class ConsentView:
    """A consent with everything that happened to it, the earliest first."""

    id: uuid.UUID
    service: str
    purpose: ConsentPurpose
    person: Person = field(repr=False)
    wording: Wording
    digest: str
    """SHA-256 over purpose, language, version and text, in hex."""
    events: Sequence[ConsentEventView]

    @property
    def standing(self) -> bool:
        """Whether it was never withdrawn."""
        return all(event.act is not ConsentAct.WITHDRAWN for event in self.events)
