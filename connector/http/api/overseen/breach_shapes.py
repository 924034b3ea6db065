"""What the register of breaches shows over the API."""

import uuid
from datetime import datetime
from typing import Any, Final

import msgspec

from privacy.breaches.scopes import Exposed, Scope
from privacy.breaches.shapes import Audience, BreachView, ClockState, Risk
from privacy.core import clock


class BreachClock(msgspec.Struct, frozen=True):
    """One time limit: of `authority`, `users` or `controllers`."""

    name: str
    due_at: datetime
    done_at: datetime | None
    state: ClockState


class BreachNoted(msgspec.Struct, frozen=True):
    """What was decided, and why."""

    kind: str
    text: str
    at: datetime


class BreachReach(msgspec.Struct, frozen=True):
    """What was readable of one table. `at_most`: the same records may count twice."""

    table: str
    records: int
    people: int | None
    unreadable: int
    at_most: bool


class BreachScope(msgspec.Struct, frozen=True):
    """What it reached, computed from the ledger and the key ring."""

    exposed: Exposed
    since: datetime
    until: datetime
    computed_at: datetime
    people_least: int
    people_most: int
    days: int
    days_gone: int
    days_since_gone: int
    reads: int
    sign_ins: int
    tables: list[BreachReach]


class BreachEntry(msgspec.Struct, frozen=True):
    """One loss. `people`: about how many, where that is known; `told`: how many were written to."""

    id: uuid.UUID
    service: str
    role: str
    risk: Risk
    audience: Audience
    drill: bool
    tables: list[str]
    people: int | None
    scope: BreachScope | None
    nature: str
    consequences: str
    measures: str
    responsible: str
    discovered_at: datetime
    recorded_at: datetime
    closed_at: datetime | None
    told: int
    clocks: list[BreachClock]
    notes: list[BreachNoted]


class Breaches(msgspec.Struct, frozen=True):
    """A page of the register; without `next_cursor` it is the last one."""

    breaches: list[BreachEntry]
    next_cursor: uuid.UUID | None


EXAMPLE: Final[dict[str, Any]] = {
    "id": "0198c0de-0000-7000-8000-0000000000f3",
    "service": "V",
    "role": "controller",
    "risk": "risk",
    "audience": "registrants",
    "drill": False,
    "tables": ["registrants"],
    "people": 120,
    "scope": {
        "exposed": "day_keys",
        "since": "2026-11-19T20:00:00Z",
        "until": "2026-11-20T09:15:00Z",
        "computed_at": "2026-11-20T09:40:00Z",
        "people_least": 120,
        "people_most": 120,
        "days": 1,
        "days_gone": 0,
        "days_since_gone": 0,
        "reads": 0,
        "sign_ins": 0,
        "tables": [
            {
                "table": "inquiry_logs",
                "records": 120,
                "people": None,
                "unreadable": 9,
                "at_most": False,
            }
        ],
    },
    "nature": "A laptop was stolen.",
    "consequences": "",
    "measures": "Its keys were destroyed.",
    "responsible": "Data protection officer, info@example.com",
    "discovered_at": "2026-11-20T09:15:00Z",
    "recorded_at": "2026-11-20T09:40:00Z",
    "closed_at": None,
    "told": 120,
    "clocks": [
        {
            "name": "authority",
            "due_at": "2026-11-23T09:15:00Z",
            "done_at": "2026-11-20T15:00:00Z",
            "state": "done",
        }
    ],
    "notes": [{"kind": "assessed", "text": "Disk sealed.", "at": "2026-11-20T10:00:00Z"}],
}


def entry_of(view: BreachView) -> BreachEntry:
    """As the API shows a loss."""
    now = clock.now()
    return BreachEntry(
        id=view.id,
        service=view.service,
        role=view.role,
        risk=view.risk,
        audience=view.audience,
        drill=view.drill,
        tables=list(view.tables),
        people=view.people,
        scope=None if view.what.scope is None else scope_of(view.what.scope),
        nature=view.what.nature,
        consequences=view.what.consequences,
        measures=view.what.measures,
        responsible=view.what.responsible,
        discovered_at=view.discovered_at,
        recorded_at=view.recorded_at,
        closed_at=view.closed_at,
        told=view.told,
        clocks=[BreachClock(c.name, c.due_at, c.done_at, c.state(now)) for c in view.clocks],
        notes=[BreachNoted(one.kind, one.text, one.at) for one in view.notes],
    )


def scope_of(scope: Scope) -> BreachScope:
    """As the API shows what it reached."""
    exposure = scope.exposure
    return BreachScope(
        exposed=exposure.what,
        since=exposure.since,
        until=exposure.until,
        computed_at=scope.computed_at,
        people_least=scope.people_least,
        people_most=scope.people_most,
        days=scope.days,
        days_gone=scope.days_gone,
        days_since_gone=scope.days_since_gone,
        reads=scope.reads,
        sign_ins=scope.sign_ins,
        tables=[
            BreachReach(one.table, one.records, one.people, one.unreadable, one.at_most)
            for one in scope.reaches
        ],
    )
