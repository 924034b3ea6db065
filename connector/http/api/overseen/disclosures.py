"""/api/v1/disclosures: what was told to others, on which ground (promise E3)."""

import uuid
from datetime import date, datetime
from typing import Any, Final

import msgspec
from flask import Response

from connector.http.api.answers import answer
from connector.http.api.inputs import JSON, read_json, read_query
from connector.http.api.operations import Body, Operation, describes
from connector.http.api.registers.wanted import Email, Number, Region, RegisterPage
from connector.identities.read import read_identity
from privacy.core.errors import Invalid, NotFound
from privacy.disclosures.find import list_disclosures, view_disclosure
from privacy.disclosures.shapes import DisclosureView
from privacy.profiles.sharing import AuthorityReason, Ground
from tenants.http.access import requires
from tenants.http.callers import caller
from tenants.http.services import services, work_of_caller
from tenants.permissions import Permission
from tenants.principals import Mode


class DisclosureSearch(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """One person, by an address or a number. In a body, where no log keeps it."""

    email: Email | None = None
    number: Number | None = None
    region: Region = "FI"


class DisclosureEntry(msgspec.Struct, frozen=True):
    """One entry. Without `at` it is a preview of what a registry would publish."""

    id: uuid.UUID
    service: str
    ground: Ground
    reason: AuthorityReason | None
    fields: list[str]
    email: str | None
    number: str | None
    name: str | None
    recipient: str
    contact: str
    reference: str
    at: datetime | None
    recorded_at: datetime
    ends_on: date


class DisclosureEntries(msgspec.Struct, frozen=True):
    """A page of the register; without `next_cursor` it is the last one."""

    disclosures: list[DisclosureEntry]
    next_cursor: uuid.UUID | None


_EXAMPLE: Final[dict[str, Any]] = {
    "id": "0198c0de-0000-7000-8000-0000000000f4",
    "service": "V",
    "ground": "court",
    "reason": None,
    "fields": ["email"],
    "email": "robin@example.com",
    "number": None,
    "name": "Robin Example",
    "recipient": "Amtsgericht Example",
    "contact": "",
    "reference": "4 C 7/26",
    "at": "2026-11-20T09:15:00Z",
    "recorded_at": "2026-11-20T09:15:00Z",
    "ends_on": "2030-01-01",
}
_PAGE: Final = {"disclosures": [_EXAMPLE], "next_cursor": None}


@requires(Permission.DISCLOSURES_READ)
@describes(
    Operation(
        id="listDisclosures",
        summary="List disclosures",
        description="By pages, the latest recorded first.",
        tag="overseen",
        query=RegisterPage,
        answer=DisclosureEntries,
        example=_PAGE,
        problems=(Invalid,),
        mode=True,
    )
)
def list_all() -> Response:
    """A page of the register."""
    query = read_query(RegisterPage)
    if caller().mode is Mode.TEST:
        return answer(DisclosureEntries([], None))
    with work_of_caller() as work:
        found = list_disclosures(work, services().vault, before=query.cursor, limit=query.limit)
    more = found[-1].id if len(found) == query.limit else None
    return answer(DisclosureEntries([_entry(view) for view in found], more))


@requires(Permission.DISCLOSURES_READ)
@describes(
    Operation(
        id="searchDisclosures",
        summary="Find what was told about one person",
        description="By address or number; at most 100, the latest recorded first.",
        tag="overseen",
        body=Body(
            kinds={JSON: DisclosureSearch},
            examples={JSON: {"email": "robin@example.com"}},
            description="One person.",
        ),
        answer=DisclosureEntries,
        example=_PAGE,
        mode=True,
    )
)
def search() -> Response:
    """What was told about one person."""
    asked = read_json(DisclosureSearch)
    who = read_identity(email=asked.email, number=asked.number, region=asked.region)
    if caller().mode is Mode.TEST:
        return answer(DisclosureEntries([], None))
    with work_of_caller() as work:
        found = list_disclosures(work, services().vault, who=who)
    return answer(DisclosureEntries([_entry(view) for view in found], None))


@requires(Permission.DISCLOSURES_READ)
@describes(
    Operation(
        id="readDisclosure",
        summary="Read a disclosure",
        description="One entry by its id.",
        tag="overseen",
        path={"disclosure_id": "The entry's id."},
        answer=DisclosureEntry,
        example=_EXAMPLE,
        problems=(NotFound,),
        mode=True,
    )
)
def read(disclosure_id: uuid.UUID) -> Response:
    """One entry."""
    if caller().mode is Mode.TEST:
        raise NotFound
    with work_of_caller() as work:
        view, _ = view_disclosure(work, services().vault, disclosure_id=disclosure_id)
    return answer(_entry(view))


def _entry(view: DisclosureView) -> DisclosureEntry:
    return DisclosureEntry(
        id=view.id,
        service=view.service,
        ground=view.ground,
        reason=view.reason,
        fields=list(view.fields),
        email=view.person.email or None,
        number=view.person.phone or None,
        name=view.person.name or None,
        recipient=view.recipient,
        contact=view.contact,
        reference=view.reference,
        at=view.at,
        recorded_at=view.recorded_at,
        ends_on=view.ends_on,
    )
