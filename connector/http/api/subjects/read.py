"""GET /api/v1/subject-requests, …/{id}."""

import uuid
from typing import Final

from flask import Response

from connector.http.api.answers import answer
from connector.http.api.inputs import read_query
from connector.http.api.operations import Operation, describes
from connector.http.api.subjects.shapes import (
    EXAMPLE,
    Request,
    RequestPage,
    Requests,
    request_of,
)
from privacy.core.errors import Invalid, NotFound
from privacy.subjects.views import list_requests, view_request
from tenants.http.access import requires
from tenants.http.callers import caller
from tenants.http.services import services, work_of_caller
from tenants.permissions import Permission
from tenants.principals import Mode

PATH: Final = {"request_id": "The request's id."}


@requires(Permission.REQUESTS_READ)
@describes(
    Operation(
        id="listSubjectRequests",
        summary="List subject requests",
        description="By pages, the latest recorded first. `overdue` ones have waited too long.",
        tag="subject-requests",
        query=RequestPage,
        answer=Requests,
        example={"requests": [{**EXAMPLE, "steps": []}], "next_cursor": None},
        problems=(Invalid,),
        mode=True,
    )
)
def list_all() -> Response:
    """A page of them."""
    query = read_query(RequestPage)
    if caller().mode is Mode.TEST:
        return answer(Requests([], None))
    with work_of_caller() as work:
        found = list_requests(
            work,
            services().vault,
            states=[query.state] if query.state else (),
            before=query.cursor,
            limit=query.limit,
        )
    more = found[-1].id if len(found) == query.limit else None
    return answer(Requests([request_of(view) for view in found], more))


@requires(Permission.REQUESTS_READ)
@describes(
    Operation(
        id="readSubjectRequest",
        summary="Read a subject request",
        description="With its steps, what was kept and why, and after an erasure the certificate.",
        tag="subject-requests",
        path=PATH,
        answer=Request,
        example=EXAMPLE,
        problems=(NotFound,),
        mode=True,
    )
)
def read(request_id: uuid.UUID) -> Response:
    """One request."""
    if caller().mode is Mode.TEST:
        raise NotFound
    with work_of_caller() as work:
        view = view_request(work, services().vault, request_id=request_id)
    return answer(request_of(view))
