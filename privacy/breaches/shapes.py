"""A loss of data as it is recorded, and as it is shown."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

import msgspec

from privacy.breaches.scopes import Scope


class Risk(StrEnum):
    """For the rights and freedoms of people (GDPR Art. 33(1), 34(1))."""

    UNASSESSED = "unassessed"
    NONE = "none"
    """Unlikely to result in a risk: the authority need not know, with reasons on record."""
    RISK = "risk"
    HIGH = "high"


class Audience(StrEnum):
    """Who is written to."""

    NOBODY = "nobody"
    PEOPLE = "people"
    """Users of the organisation."""
    REGISTRANTS = "registrants"
    """Everybody registered for the service."""


class What(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is told (GDPR Art. 33(3)); all of it is sealed."""

    nature: str
    consequences: str = ""
    measures: str = ""
    responsible: str = ""
    """Who is responsible, and how they are reached (promise F6)."""
    scope: Scope | None = None
    """What it reached, where the service computed it."""

    def __repr__(self) -> str:
        return "<What>"


@dataclass(frozen=True, slots=True)
class Discovered:
    """A loss that somebody discovered.

    Args:
        tenants: whose data it is, where the installation records it.
        people: about how many, where it is known.
    """

    service: str
    what: What = field(repr=False)
    discovered_at: datetime
    audience: Audience = Audience.NOBODY
    tables: Sequence[str] = ()
    tenants: Sequence[uuid.UUID] = ()
    people: int | None = None
    drill: bool = False


class ClockState(StrEnum):
    """How a time limit stands."""

    DONE = "done"
    LATE = "late"
    """Done, after its time."""
    RUNNING = "running"
    DUE = "due"
    """In the last quarter of its time."""
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Clock:
    """One time limit: `authority`, `users` or `controllers`."""

    name: str
    from_: datetime
    due_at: datetime
    done_at: datetime | None

    def state(self, now: datetime) -> ClockState:
        """How it stands at `now`."""
        if self.done_at is not None:
            return ClockState.LATE if self.done_at > self.due_at else ClockState.DONE
        if now > self.due_at:
            return ClockState.OVERDUE
        last_quarter = self.due_at - (self.due_at - self.from_) / 4
        return ClockState.DUE if now >= last_quarter else ClockState.RUNNING


@dataclass(frozen=True, slots=True)
class NoteView:
    """What was decided, and why."""

    kind: str
    text: str = field(repr=False)
    at: datetime
    by: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class BreachView:
    """A loss with its clocks and what was noted."""

    id: uuid.UUID
    origin_id: uuid.UUID | None
    service: str
    role: str
    risk: Risk
    audience: Audience
    drill: bool
    tables: Sequence[str]
    tenants: Sequence[uuid.UUID]
    people: int | None
    what: What = field(repr=False)
    discovered_at: datetime
    recorded_at: datetime
    closed_at: datetime | None
    users_asked_at: datetime | None
    told: int
    clocks: Sequence[Clock]
    notes: Sequence[NoteView]
