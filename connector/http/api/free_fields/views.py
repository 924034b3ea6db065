"""/api/v1/fields, and the fields of one contact or inquiry."""

import uuid
from typing import Final

from flask import Blueprint, Response

from connector.free_fields.checks import NotDeclared
from connector.free_fields.declare import list_fields
from connector.free_fields.kinds import About
from connector.free_fields.records import fields_of, fill_fields
from connector.http.api.answers import answer
from connector.http.api.free_fields.shapes import (
    DECLARED,
    VALUES,
    DeclaredFields,
    FieldValues,
    FieldWish,
    declared_of,
    values_of,
)
from connector.http.api.inputs import JSON, read_json
from connector.http.api.operations import Body, Operation, describes
from connector.http.api.trials import changing_work
from privacy.core.errors import NotFound
from privacy.restrictions.standing import ProcessingRestricted
from tenants.http.access import requires
from tenants.http.callers import caller
from tenants.http.services import services, work_of_caller
from tenants.permissions import Permission
from tenants.principals import Mode

_BODY: Final = Body(
    kinds={JSON: FieldWish},
    examples={JSON: {"values": {"meter_number": "FI-4711"}}},
    description="What is to be in the fields.",
)
_ARTICLES: Final = {About.CONTACT: "a", About.INQUIRY: "an", About.REGISTRATION: "a"}


@requires(Permission.ACCOUNTS_READ)
@describes(
    Operation(
        id="listFields",
        summary="List the declared fields",
        description="Fields of your own on contacts and inquiries, each with purpose, legal basis "
        "and time. They are declared in the console.",
        tag="fields",
        answer=DeclaredFields,
        example={"fields": [DECLARED]},
        mode=True,
    )
)
def list_all() -> Response:
    """What is declared."""
    with work_of_caller() as work:
        rows = list_fields(work)
    return answer(DeclaredFields([declared_of(row) for row in rows]))


def _reading(about: About) -> Operation:
    return Operation(
        id=f"read{about.value.title()}Fields",
        summary=f"Read the fields of {_ARTICLES[about]} {about.value}",
        description="What is in the fields that your organisation declared. Nothing of a person "
        "whose data may only be stored (GDPR Art. 18).",
        tag="fields",
        path={f"{about.value}_id": f"The {about.value}'s id."},
        answer=FieldValues,
        example=VALUES,
        problems=(NotFound,),
        mode=True,
    )


def _filling(about: About) -> Operation:
    return Operation(
        id=f"fill{about.value.title()}Fields",
        summary=f"Fill in fields of {_ARTICLES[about]} {about.value}",
        description="What no field is declared for is refused (`not_declared`), and nothing "
        "stored.",
        tag="fields",
        path={f"{about.value}_id": f"The {about.value}'s id."},
        body=_BODY,
        answer=FieldValues,
        example=VALUES,
        problems=(NotFound, NotDeclared, ProcessingRestricted),
        mode=True,
    )


@requires(Permission.CONTACTS_READ)
@describes(_reading(About.CONTACT))
def read_contact(contact_id: uuid.UUID) -> Response:
    """A contact's."""
    return _read(About.CONTACT, contact_id)


@requires(Permission.CONTACTS_WRITE)
@describes(_filling(About.CONTACT))
def fill_contact(contact_id: uuid.UUID) -> Response:
    """A contact's."""
    return _fill(About.CONTACT, contact_id)


@requires(Permission.INQUIRIES_READ)
@describes(_reading(About.INQUIRY))
def read_inquiry(inquiry_id: uuid.UUID) -> Response:
    """An inquiry's."""
    return _read(About.INQUIRY, inquiry_id)


@requires(Permission.INQUIRIES_WRITE)
@describes(_filling(About.INQUIRY))
def fill_inquiry(inquiry_id: uuid.UUID) -> Response:
    """An inquiry's."""
    return _fill(About.INQUIRY, inquiry_id)


def _read(about: About, record_id: uuid.UUID) -> Response:
    if caller().mode is Mode.TEST:
        raise NotFound
    with work_of_caller() as work:
        found = fields_of(work, vault=services().vault, about=about, record_id=record_id)
    return answer(values_of(found))


def _fill(about: About, record_id: uuid.UUID) -> Response:
    vault = services().vault
    with work_of_caller() as work:
        fields_of(work, vault=vault, about=about, record_id=record_id)
    # What is not there is 404, whatever is sent to it; only then is the body looked at.
    wish = read_json(FieldWish)
    with changing_work() as work:
        fill_fields(work, vault=vault, about=about, record_id=record_id, given=wish.values)
        found = fields_of(work, vault=vault, about=about, record_id=record_id)
    return answer(values_of(found))


def add_routes(api: Blueprint) -> None:
    """Add the operations to the API."""
    route = api.add_url_rule
    contact, inquiry = "/v1/contacts/<uuid:contact_id>", "/v1/inquiries/<uuid:inquiry_id>"
    route("/v1/fields", "list_fields", list_all)
    route(f"{contact}/fields", "read_contact_fields", read_contact)
    route(f"{contact}/fields", "fill_contact_fields", fill_contact, methods=["PATCH"])
    route(f"{inquiry}/fields", "read_inquiry_fields", read_inquiry)
    route(f"{inquiry}/fields", "fill_inquiry_fields", fill_inquiry, methods=["PATCH"])
