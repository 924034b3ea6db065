"""GET /api/v1/calls/{id}: one call."""

import uuid

from flask import Response

from connector.calls.view import view_call
from connector.http.api import examples
from connector.http.api.answers import answer
from connector.http.api.calls.shapes import Call, call_of
from connector.http.api.operations import Operation, describes
from connector.http.showing import as_shown
from privacy.core.errors import NotFound
from tenants.http.access import requires
from tenants.http.callers import caller
from tenants.http.services import services, work_of_caller
from tenants.permissions import Permission
from tenants.principals import Mode


@requires(Permission.CALLS_READ)
@describes(
    Operation(
        id="readCall",
        summary="Read one call",
        description=(
            "A call by its id, which an answer to a search gave. Ids hold nothing personal. A call "
            "whose time is over, one that never was and one of another tenant are all 404."
        ),
        tag="calls",
        path={"call_id": "The call's id."},
        answer=Call,
        example=examples.STORED_CALL,
        problems=(NotFound,),
        mode=True,
    )
)
def read_call(call_id: uuid.UUID) -> Response:
    """The call."""
    if caller().mode is Mode.TEST:
        raise NotFound
    with work_of_caller() as work:
        view = view_call(work, vault=services().vault, call_id=call_id)
        [named] = as_shown(work, [view])
    return answer(call_of(named))
