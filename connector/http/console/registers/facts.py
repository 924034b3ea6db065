"""Entries of the registers as pages tell of them."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from connector.http.console.registers.words import ARRIVALS, CHANNELS, CONSENTS, OBJECTIONS
from connector.http.console.wording import telephone
from privacy.consents.shapes import ConsentAct, ConsentView
from privacy.identities.people import Person
from privacy.objections.shapes import ObjectionView
from privacy.profiles import profile


@dataclass(frozen=True, slots=True)
class EventFacts:
    """One thing that happened to an entry."""

    label: str
    at: datetime
    recorded_at: datetime
    channel: str
    evidence: str
    recorded_by: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """A line of a register, and the head of its page."""

    id: uuid.UUID
    purpose: str
    service: str
    who: str
    name: str
    channel: str
    at: datetime
    recorded_at: datetime
    recorded_by: uuid.UUID | None
    ended_at: datetime | None
    ended_channel: str

    @property
    def standing(self) -> bool:
        """Whether it holds."""
        return self.ended_at is None


def of_objection(view: ObjectionView) -> EntryFacts:
    """An objection."""
    return EntryFacts(
        id=view.id,
        purpose=OBJECTIONS[view.objection],
        service="",
        who=_who(view.person),
        name=view.person.name,
        channel=ARRIVALS[view.channel],
        at=view.at,
        recorded_at=view.recorded_at,
        recorded_by=view.recorded_by,
        ended_at=view.ended_at,
        ended_channel=ARRIVALS[view.ended_channel] if view.ended_channel else "",
    )


def of_consent(view: ConsentView) -> EntryFacts:
    """A consent."""
    given = view.events[0]
    ended = [event for event in view.events if event.act is ConsentAct.WITHDRAWN]
    return EntryFacts(
        id=view.id,
        purpose=CONSENTS[view.purpose],
        service=profile(view.service).service,
        who=_who(view.person),
        name=view.person.name,
        channel=CHANNELS[given.channel],
        at=given.at,
        recorded_at=given.recorded_at,
        recorded_by=given.recorded_by,
        ended_at=ended[0].at if ended else None,
        ended_channel=CHANNELS[ended[0].channel] if ended else "",
    )


def events_of(view: ConsentView) -> Sequence[EventFacts]:
    """A consent's history."""
    return [
        EventFacts(
            label="Given" if event.act is ConsentAct.GIVEN else "Withdrawn",
            at=event.at,
            recorded_at=event.recorded_at,
            channel=CHANNELS[event.channel],
            evidence=event.evidence,
            recorded_by=event.recorded_by,
        )
        for event in view.events
    ]


def in_utc(moment: datetime | None) -> datetime | None:
    """What a form's field means: its moment is in UTC, as all moments of the console."""
    return None if moment is None else moment.replace(tzinfo=UTC)


def _who(person: Person) -> str:
    visitor = "a visitor of a site" if person.visitor else ""
    known = (person.email, telephone(person.phone) if person.phone else "", visitor)
    return ", ".join(part for part in known if part)
