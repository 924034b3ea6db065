"""/api/v1/objections: record, read, search and end."""

import uuid
from collections.abc import Sequence
from typing import Final

from flask import Response, request

from connector.http.api.answers import answer
from connector.http.api.inputs import JSON, read_json
from connector.http.api.operations import Body, Operation, describes
from connector.http.api.registers.objection_shapes import (
    OBJECTION_EXAMPLE,
    Ending,
    ObjectionEntry,
    Objections,
    ObjectionWish,
    RecordedObjections,
    objection_of,
)
from connector.http.api.registers.pages import found_about, page_of
from connector.http.api.registers.wanted import Recorded, RegisterPage, WhoSearch
from connector.http.api.trials import changing_work
from connector.identities.read import read_person
from privacy.core.errors import Invalid, NotFound
from privacy.objections.end import end_objection
from privacy.objections.find import list_objections, view_objection
from privacy.objections.record import record_objection
from privacy.objections.shapes import Objecting, ObjectionView
from tenants.http.access import requires
from tenants.http.callers import caller
from tenants.http.services import services, work_of_caller
from tenants.permissions import Permission
from tenants.principals import Mode

_PATH: Final = {"objection_id": "The objection's id."}
_PAGE: Final = {"objections": [OBJECTION_EXAMPLE], "next_cursor": None}


@requires(Permission.OBJECTIONS_READ)
@describes(
    Operation(
        id="listObjections",
        summary="List objections",
        description="The whole register by pages, the latest recorded first.",
        tag="registers",
        query=RegisterPage,
        answer=Objections,
        example=_PAGE,
        problems=(Invalid,),
        mode=True,
    )
)
def list_all() -> Response:
    """A page of the register."""
    return page_of(list_objections, _page)


@requires(Permission.OBJECTIONS_WRITE)
@describes(
    Operation(
        id="recordObjection",
        summary="Record an objection",
        description=(
            "Honoured at once: in every suppression check, and as `do_not_call` on calls. A "
            "person's erasure does not end it: a token that names nobody remains."
        ),
        tag="registers",
        body=Body(
            kinds={JSON: ObjectionWish},
            examples={
                JSON: {
                    "objections": ["telemarketing", "market_research"],
                    "number": "+1 202-555-0143",
                    "channel": "telephone",
                }
            },
            description="At least one of email and number.",
        ),
        answer=RecordedObjections,
        example={"ids": [OBJECTION_EXAMPLE["id"]]},
        mode=True,
    )
)
def create() -> Response:
    """New entries, one for each purpose."""
    wish = read_json(ObjectionWish)
    person = read_person(email=wish.email, number=wish.number, name=wish.name, region=wish.region)
    said = Objecting(person, wish.objections, wish.channel, wish.at)
    with changing_work() as work:
        made = record_objection(work, services().vault, said)
    return answer(RecordedObjections(made))


@requires(Permission.OBJECTIONS_READ)
@describes(
    Operation(
        id="searchObjections",
        summary="Find one person's objections",
        description="By address or number; at most 100, the latest recorded first.",
        tag="registers",
        body=Body(
            kinds={JSON: WhoSearch},
            examples={JSON: {"number": "+1 202-555-0143"}},
            description="One person.",
        ),
        answer=Objections,
        example=_PAGE,
        mode=True,
    )
)
def search() -> Response:
    """What one person objects to."""
    return found_about(list_objections, _page, WhoSearch)


@requires(Permission.OBJECTIONS_READ)
@describes(
    Operation(
        id="readObjection",
        summary="Read an objection",
        description="One entry by its id.",
        tag="registers",
        path=_PATH,
        answer=ObjectionEntry,
        example=OBJECTION_EXAMPLE,
        problems=(NotFound,),
        mode=True,
    )
)
def read(objection_id: uuid.UUID) -> Response:
    """One objection."""
    if caller().mode is Mode.TEST:
        raise NotFound
    with work_of_caller() as work:
        view = view_objection(work, services().vault, objection_id=objection_id)
    return answer(objection_of(view))


@requires(Permission.OBJECTIONS_WRITE)
@describes(
    Operation(
        id="endObjection",
        summary="End an objection",
        description=(
            "On the person's own word. It stays in the register with its end; repeating it changes "
            "nothing. The body may be left out: the form, now."
        ),
        tag="registers",
        path=_PATH,
        body=Body(
            kinds={JSON: Ending},
            examples={JSON: {"channel": "letter"}},
            description="How the person said so.",
            required=False,
        ),
        answer=Recorded,
        example={"id": OBJECTION_EXAMPLE["id"]},
        problems=(NotFound,),
        mode=True,
    )
)
def end(objection_id: uuid.UUID) -> Response:
    """Its end."""
    said = read_json(Ending) if request.content_length else Ending()
    with changing_work() as work:
        end_objection(work, objection_id=objection_id, channel=said.channel)
    return answer(Recorded(objection_id))


def _page(found: Sequence[ObjectionView], more: uuid.UUID | None) -> Objections:
    return Objections([objection_of(view) for view in found], more)
