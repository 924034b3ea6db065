"""Events as lines of a list, with the names of people whom the reader knows."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from connector.http.console.event_words import actor_label, details_of, event_label
from privacy.ledger.list_events import ListedEvent
from tenants.http.callers import caller
from tenants.http.services import services
from tenants.memberships.people import names_of


@dataclass(frozen=True, slots=True)
class EventFacts:
    """An event as a line of the list."""

    at: datetime
    name: str
    label: str
    actor: str
    details: str
    position: int | None


def lines_of(events: Sequence[ListedEvent]) -> list[EventFacts]:
    """One line for each event."""
    actors = {event.actor_id for event in events if event.actor_id is not None}
    names = names_of(services().desk, principal=caller(), ids=actors)
    return [
        EventFacts(
            at=event.at,
            name=event.event,
            label=event_label(event.event),
            actor=_actor(event, names),
            details=details_of(event.facts, event.subject),
            position=event.position,
        )
        for event in events
    ]


def _actor(event: ListedEvent, names: dict[uuid.UUID, str]) -> str:
    known = names.get(event.actor_id) if event.actor_id else None
    return known or actor_label(event.actor_kind)
