"""Requests as pages tell of them."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from connector.http.console.subjects.words import (
    CHANNELS,
    GROUNDS,
    KINDS,
    METHODS,
    PHASES,
    REASONS,
    STATES,
    STEPS,
)
from connector.http.console.wording import telephone
from connector.subjects.registry import HOLDERS
from privacy.subjects.authorities import authority_text
from privacy.subjects.views import RequestView, StepView
from privacy.subjects.words import TICKED, StepState

_TITLES = {one.name: one.title for one in HOLDERS}


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """A line of the list, and the head of a page."""

    id: uuid.UUID
    reference: str
    kind: str
    channel: str
    who: str
    name: str
    state: str
    tone: str
    received_at: datetime
    due_on: date
    overdue: bool
    method: str
    verified_at: datetime | None
    proven: str
    ground: str
    authority: str


@dataclass(frozen=True, slots=True)
class StepFacts:
    """One step."""

    place: int
    what: str
    where: str
    state: str
    tone: str
    count: int
    kept: str
    until: date | None
    failure: str
    by_hand: bool


def facts_of(view: RequestView) -> RequestFacts:
    """A request."""
    state, tone = STATES[view.state]
    person = view.person
    known = (person.email, telephone(person.phone) if person.phone else "")
    return RequestFacts(
        id=view.id,
        reference=view.reference,
        kind=KINDS[view.kind],
        channel=CHANNELS[view.channel],
        who=", ".join(part for part in known if part),
        name=person.name,
        state=state,
        tone=tone,
        received_at=view.received_at,
        due_on=view.due_on,
        overdue=view.overdue,
        method=METHODS[view.method] if view.method else "",
        verified_at=view.verified_at,
        proven=" and ".join({"email": "address", "phone": "number"}[one] for one in view.proven),
        ground=GROUNDS[view.ground] if view.ground else "",
        authority=authority_text(view.country),
    )


def step_facts(step: StepView, names: Mapping[str, str]) -> StepFacts:
    """A step. `names`: of the recipients that are to be told."""
    state, tone = STEPS[step.state]
    kept = f"{step.retained}: {REASONS[step.because]}" if step.because else ""
    return StepFacts(
        place=step.place,
        what=PHASES[step.phase],
        where=_TITLES.get(step.holder) or names.get(step.holder, ""),
        state=state,
        tone=tone,
        count=step.found,
        kept=kept,
        until=step.until,
        failure=step.failure_code or "",
        by_hand=step.phase.value in TICKED and step.state is not StepState.DONE,
    )
