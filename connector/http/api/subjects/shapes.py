"""Subject requests as the API takes and shows them."""

import uuid
from datetime import date, datetime
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta

from connector.http.api.registers.wanted import (
    LIMIT,
    At,
    Cursor,
    Email,
    Limit,
    Name,
    Number,
    Region,
    Service,
)
from privacy.profiles.parts import Objection
from privacy.subjects.views import RequestView, StepView
from privacy.subjects.words import (
    Because,
    Ground,
    Method,
    Phase,
    RequestChannel,
    RequestKind,
    RequestState,
    StepState,
)

Code = Annotated[str, Meta(min_length=1, max_length=40, description="The code as it was sent.")]
_Wish = Annotated[
    str,
    Meta(max_length=4000, description="What to correct or to restrict, or why the person objects."),
]
_Objections = Annotated[
    list[Objection], Meta(max_length=5, description="Of an objection: what the person objects to.")
]
_Country = Annotated[
    Literal["FI", "SE", "DE"],
    Meta(description="Whose authority the controller answers to; the service's by default."),
]
_Method = Annotated[
    Literal["call_back", "documents", "in_person"],
    Meta(description="How your people identified the person."),
]


class RequestPage(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Which page, the latest recorded first."""

    state: Annotated[RequestState, Meta(description="Only those that stand there.")] | None = None
    cursor: Cursor | None = None
    limit: Limit = LIMIT


class Corrected(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What is to stand in place of what is on file; what is left out stays."""

    name: Name | None = None
    email: Email | None = None
    number: Number | None = None
    company: Name | None = None


class RequestWish(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Who asks for what, and how it came."""

    kind: RequestKind
    channel: RequestChannel
    email: Email | None = None
    number: Number | None = None
    name: Name | None = None
    region: Region = "FI"
    service: Service | None = None
    country: _Country | None = None
    language: Literal["en", "fi", "sv", "de"] = "en"
    at: At | None = None
    wish: _Wish = ""
    correction: Corrected | None = None
    objections: _Objections = []


class Proof(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A code, what the person said when the number on file was called, or how they were
    identified; one of the three."""

    code: Code | None = None
    said: Code | None = None
    method: _Method | None = None


class Opening(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What opens the file; without a code that of a person who has no address."""

    code: Code | None = None


class Receipt(msgspec.Struct, frozen=True):
    """What the person is told."""

    id: uuid.UUID
    reference: str
    due_on: date
    code: str | None
    """Of a form without an address: shown once, to be said when the number on file is called."""


class RequestStep(msgspec.Struct, frozen=True):
    """One step. `found` counts records: put aside, erased, or found again."""

    phase: Phase
    holder: str
    state: StepState
    found: int
    retained: int
    because: Because | None
    until: date | None
    failure_code: str | None


class Request(msgspec.Struct, frozen=True):
    """A request. `certificate` is a signed JSON text; steps are given by reading one request."""

    id: uuid.UUID
    reference: str
    service: str
    kind: RequestKind
    channel: RequestChannel
    state: RequestState
    country: str
    email: str | None
    number: str | None
    name: str | None
    received_at: datetime
    due_on: date
    overdue: bool
    paused: bool
    proof_until: date | None
    ordered_at: datetime | None
    extended_at: datetime | None
    verified_at: datetime | None
    method: Method | None
    proven: list[str]
    ground: Ground | None
    decided_at: datetime | None
    closed_at: datetime | None
    has_file: bool
    certificate: str | None
    steps: list[RequestStep]


class Requests(msgspec.Struct, frozen=True):
    """A page of requests; without `next_cursor` it is the last one."""

    requests: list[Request]
    next_cursor: uuid.UUID | None


class Standing(msgspec.Struct, frozen=True):
    """Where a request stands now."""

    id: uuid.UUID
    state: RequestState


def request_of(view: RequestView) -> Request:
    """`view` for an answer."""
    return Request(
        id=view.id,
        reference=view.reference,
        service=view.service,
        kind=view.kind,
        channel=view.channel,
        state=view.state,
        country=view.country,
        email=view.person.email or None,
        number=view.person.phone or None,
        name=view.person.name or None,
        received_at=view.received_at,
        due_on=view.due_on,
        overdue=view.overdue,
        paused=view.paused,
        proof_until=view.proof_until,
        ordered_at=view.ordered_at,
        extended_at=view.extended_at,
        verified_at=view.verified_at,
        method=view.method,
        proven=list(view.proven),
        ground=view.ground,
        decided_at=view.decided_at,
        closed_at=view.closed_at,
        has_file=view.has_file,
        certificate=view.certificate,
        steps=[_step_of(step) for step in view.steps],
    )


def _step_of(step: StepView) -> RequestStep:
    return RequestStep(
        phase=step.phase,
        holder=step.holder,
        state=step.state,
        found=step.found,
        retained=step.retained,
        because=step.because,
        until=step.until,
        failure_code=step.failure_code,
    )


ID: Final = "0198c0de-0000-7000-8000-0000000000f1"
EXAMPLE: Final[dict[str, Any]] = {
    "id": ID,
    "reference": "R-K7Q2-9XHM",
    "service": "T",
    "kind": "erasure",
    "channel": "letter",
    "state": "done",
    "country": "FI",
    "email": None,
    "number": "+12025550143",
    "name": "Robin Example",
    "received_at": "2026-11-20T09:15:00Z",
    "due_on": "2026-12-21",
    "overdue": False,
    "paused": False,
    "proof_until": None,
    "ordered_at": None,
    "extended_at": None,
    "verified_at": "2026-11-22T09:15:00Z",
    "method": "call_back",
    "proven": ["phone"],
    "ground": None,
    "decided_at": "2026-11-22T09:16:00Z",
    "closed_at": None,
    "has_file": False,
    "certificate": None,
    "steps": [
        {
            "phase": "erase",
            "holder": "calls",
            "state": "done",
            "found": 7,
            "retained": 0,
            "because": None,
            "until": None,
            "failure_code": None,
        }
    ],
}
