"""GET /api/v1/breaches, …/{id}: the register of losses, with every clock (GDPR Art. 33, 34)."""

import uuid
from collections.abc import Sequence

from flask import Response

from connector.http.api.answers import answer
from connector.http.api.operations import Operation, describes
from connector.http.api.overseen.breach_shapes import EXAMPLE, BreachEntry, Breaches, entry_of
from connector.http.api.registers.pages import page_of
from connector.http.api.registers.wanted import RegisterPage
from privacy.breaches.find import list_breaches, view_breach
from privacy.breaches.shapes import BreachView
from privacy.core.errors import Invalid, NotFound
from tenants.http.access import requires
from tenants.http.callers import caller
from tenants.http.services import services, work_of_caller
from tenants.permissions import Permission
from tenants.principals import Mode


@requires(Permission.BREACHES_READ)
@describes(
    Operation(
        id="listBreaches",
        summary="List losses of data",
        description="By pages, the latest discovered first; un-notified ones and drills too.",
        tag="overseen",
        query=RegisterPage,
        answer=Breaches,
        example={"breaches": [EXAMPLE], "next_cursor": None},
        problems=(Invalid,),
        mode=True,
    )
)
def list_all() -> Response:
    """A page of the register."""
    return page_of(list_breaches, _page)


@requires(Permission.BREACHES_READ)
@describes(
    Operation(
        id="readBreach",
        summary="Read a loss of data",
        description="One entry by its id, with its clocks and what was noted.",
        tag="overseen",
        path={"breach_id": "The loss's id."},
        answer=BreachEntry,
        example=EXAMPLE,
        problems=(NotFound,),
        mode=True,
    )
)
def read(breach_id: uuid.UUID) -> Response:
    """One loss."""
    if caller().mode is Mode.TEST:
        raise NotFound
    with work_of_caller() as work:
        view = view_breach(work, services().vault, breach_id=breach_id)
    return answer(entry_of(view))


def _page(found: Sequence[BreachView], more: uuid.UUID | None) -> Breaches:
    return Breaches([entry_of(view) for view in found], more)
