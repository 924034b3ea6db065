"""POST /api/v1/subject-requests/{id}/extend, refuse, order, decide, tick, close."""

import uuid
from collections.abc import Callable
from typing import Any, Final

import msgspec
from flask import Response

from connector.http.api.answers import answer
from connector.http.api.inputs import JSON, read_json
from connector.http.api.operations import Body, Operation, View, describes
from connector.http.api.subjects.decision_shapes import (
    Extension,
    Order,
    Refusal,
    Ticked,
    Weighing,
)
from connector.http.api.subjects.read import PATH
from connector.http.api.subjects.shapes import ID, Standing
from connector.http.api.subjects.write import find
from connector.http.subjects import clerk
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid, NotFound, SiltaError
from privacy.subjects.answers import close_by_agent
from privacy.subjects.clerks import WrongState, get_request
from privacy.subjects.decide import (
    TooLate,
    WrongGround,
    extend_request,
    refuse_request,
    tick_off,
)
from privacy.subjects.orders import reopen_by_order
from privacy.subjects.restrict import decide_objection
from privacy.subjects.words import RequestState
from tenants.http.access import requires
from tenants.http.services import work_of_caller
from tenants.permissions import Permission

_LETTER: Final = "What is written to the person leaves after the answer. "


def _decision(
    name: str,
    summary: str,
    description: str,
    *,
    takes: Any = None,
    example: Any = None,
    state: str = "running",
    problems: tuple[type[SiltaError], ...] = (),
) -> Callable[[View], View]:
    body = Body({JSON: takes}, {JSON: example}, "The decision.") if takes else None
    return describes(
        Operation(
            id=f"{name}SubjectRequest",
            summary=summary,
            description=description,
            tag="subject-requests",
            path=PATH,
            body=body,
            answer=Standing,
            example={"id": ID, "state": state},
            problems=(NotFound, WrongState, *problems),
            mode=True,
        )
    )


@requires(Permission.REQUESTS_WRITE)
@_decision(
    "extend",
    "Extend the time limit",
    _LETTER + "By two months, once, and only when its notice has left within the first month "
    "(GDPR Art. 12(3)).",
    takes=Extension,
    example={"reasons": "Your data is in many systems."},
    problems=(TooLate,),
)
def extend(request_id: uuid.UUID) -> Response:
    """Two months more."""
    return _decided(request_id, Extension, extend_request)


@requires(Permission.REQUESTS_WRITE)
@_decision(
    "refuse",
    "Refuse a request",
    _LETTER + "With your reasons, the supervisory authority and the remedy. It is closed when the "
    "notice has left. Which grounds there are depends on the right.",
    takes=Refusal,
    example={"ground": "not_identified", "reasons": "Nobody answered at this number."},
    state="refused",
    problems=(WrongGround,),
)
def refuse(request_id: uuid.UUID) -> Response:
    """Refuse, in writing."""
    return _decided(request_id, Refusal, refuse_request)


@requires(Permission.REQUESTS_WRITE)
@_decision(
    "reopen",
    "Carry out an authority's order",
    "Takes a refused request up again, until the day that the authority set.",
    takes=Order,
    example={"due": "2027-01-15", "order": "Office of the Ombudsman, 17/2026: erase."},
    problems=(Invalid,),
)
def reopen(request_id: uuid.UUID) -> Response:
    """An order reopens what was refused."""
    return _decided(request_id, Order, reopen_by_order)


@requires(Permission.REQUESTS_WRITE)
@_decision(
    "decide",
    "Decide an objection to processing",
    _LETTER + "Until now the processing was paused (GDPR Art. 21(1)). Upheld, it stays so; else "
    "that is a refusal, and the pause ends when the person was told.",
    takes=Weighing,
    example={"upheld": True, "reasons": "We need it no longer."},
)
def decide(request_id: uuid.UUID) -> Response:
    """Whose grounds weigh more."""
    return _decided(request_id, Weighing, decide_objection)


@requires(Permission.REQUESTS_WRITE)
@_decision(
    "tick",
    "Tick a step off",
    "Somebody told a recipient, or did what cannot be done here; the step is named by its "
    "position among the request's steps.",
    takes=Ticked,
    example={"place": 14},
)
def tick(request_id: uuid.UUID) -> Response:
    """Somebody did what a step asks for."""
    find(request_id)
    place = read_json(Ticked).place
    return _done(request_id, lambda work: tick_off(work, request_id=request_id, place=place))


@requires(Permission.REQUESTS_WRITE)
@_decision(
    "close",
    "Say that the answer was given",
    "By letter or telephone. What is answered by mail closes by itself.",
    state="closed",
)
def close(request_id: uuid.UUID) -> Response:
    """The answer has gone out."""
    find(request_id)
    return _done(request_id, lambda work: close_by_agent(work, request_id=request_id))


def _decided(request_id: uuid.UUID, shape: type[Any], decide: Callable[..., None]) -> Response:
    """Every field of `shape` is an argument of `decide`, of the same name."""
    find(request_id)
    said = msgspec.structs.asdict(read_json(shape))
    return _done(request_id, lambda work: decide(work, clerk(work), request_id=request_id, **said))


def _done(request_id: uuid.UUID, do: Callable[[UnitOfWork], None]) -> Response:
    with work_of_caller() as work:
        do(work)
        state = RequestState(get_request(work, request_id).state)
    return answer(Standing(request_id, state))
