"""/api/v1/holds: rows that nobody deletes while a claim about them stands."""

import uuid
from typing import Final

from flask import Response

from connector.http.api.answers import answer
from connector.http.api.inputs import JSON, read_json, read_query
from connector.http.api.operations import Body, Operation, describes
from connector.http.api.registers.wanted import Recorded, RegisterPage
from connector.http.api.subjects.decision_shapes import HOLD, Hold, Holds, HoldWish, Released
from connector.http.api.trials import changing_work
from connector.subjects.holds import release_hold
from privacy.core.errors import Invalid, NotFound
from privacy.holds.hold import begin_hold, list_holds
from tenants.http.access import requires
from tenants.http.callers import caller
from tenants.http.services import services, work_of_caller
from tenants.permissions import Permission
from tenants.principals import Mode

_WISH: Final = {
    "relation": "invoices",
    "row_id": "0198c0de-0000-7000-8000-0000000000e1",
    "reason": "Case 17",
}


@requires(Permission.REQUESTS_READ)
@describes(
    Operation(
        id="listHolds",
        summary="List holds",
        description="Those that stand, by pages, the latest first.",
        tag="subject-requests",
        query=RegisterPage,
        answer=Holds,
        example={
            "holds": [{"id": HOLD, **_WISH, "began_at": "2026-11-20T09:15:00Z"}],
            "next_cursor": None,
        },
        problems=(Invalid,),
        mode=True,
    )
)
def list_all() -> Response:
    """A page of holds."""
    query = read_query(RegisterPage)
    if caller().mode is Mode.TEST:
        return answer(Holds([], None))
    with work_of_caller() as work:
        found = list_holds(work, services().vault, before=query.cursor, limit=query.limit)
    more = found[-1].id if len(found) == query.limit else None
    holds = [Hold(one.id, one.relation, one.row_id, one.reason, one.began_at) for one in found]
    return answer(Holds(holds, more))


@requires(Permission.REQUESTS_WRITE)
@describes(
    Operation(
        id="beginHold",
        summary="Hold a row",
        description="Nobody deletes it until the hold ends; an erasure says that it was kept.",
        tag="subject-requests",
        body=Body({JSON: HoldWish}, {JSON: _WISH}, "Which row, and why."),
        answer=Recorded,
        example={"id": HOLD},
        problems=(NotFound,),
        mode=True,
    )
)
def begin() -> Response:
    """A new hold."""
    wish = read_json(HoldWish)
    with changing_work() as work:
        made = begin_hold(
            work, services().vault, relation=wish.relation, row_id=wish.row_id, reason=wish.reason
        )
    return answer(Recorded(made))


@requires(Permission.REQUESTS_WRITE)
@describes(
    Operation(
        id="endHold",
        summary="End a hold",
        description="Erasures that it kept back go on by themselves.",
        tag="subject-requests",
        path={"hold_id": "The hold's id."},
        answer=Released,
        example={"id": HOLD, "resumed": []},
        problems=(NotFound,),
        mode=True,
    )
)
def end(hold_id: uuid.UUID) -> Response:
    """Its end."""
    with changing_work() as work:
        resumed = release_hold(work, hold_id=hold_id)
    return answer(Released(hold_id, resumed))
