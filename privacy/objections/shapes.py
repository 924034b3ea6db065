"""An objection as it arrives, and as it is shown."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from privacy.identities.people import Person
from privacy.profiles.parts import Objection, ObjectionChannel


@dataclass(frozen=True, slots=True)
class Objecting:
    """What somebody objects to. `at` is when it arrived with us; None: now."""

    person: Person = field(repr=False)
    objections: Collection[Objection]
    channel: ObjectionChannel
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ObjectionView:
    """An objection in the register."""

    id: uuid.UUID
    objection: Objection
    person: Person = field(repr=False)
    channel: ObjectionChannel
    at: datetime
    recorded_at: datetime
    recorded_by: uuid.UUID | None
    ended_at: datetime | None
    ended_channel: ObjectionChannel | None

    @property
    def standing(self) -> bool:
        """Whether it was not ended."""
        return self.ended_at is None
