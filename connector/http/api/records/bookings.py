"""POST /api/v1/contacts/{id}/bookings: a contact goes out into connected books, once."""

import uuid
from typing import Annotated, Any, Final

import msgspec
from flask import Response
from msgspec import Meta

from connector.contacts.shelf import CONTACTS
from connector.http.api.answers import answer
from connector.http.api.inputs import JSON, read_json
from connector.http.api.operations import Body, Operation, describes
from connector.http.api.trials import changing_work
from connector.outgoing.book_contact import (
    Booking,
    NotToBeBooked,
    StillOnItsWay,
    book_contact,
)
from connector.synced.read import find_record
from privacy.core.errors import NotFound
from privacy.restrictions.standing import ProcessingRestricted
from tenants.http.access import requires
from tenants.http.services import services, work_of_caller
from tenants.permissions import Permission


class BookingWish(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Which books, by the id of the connected system, and the customer's number there."""

    account_id: uuid.UUID
    code: Annotated[str, Meta(min_length=1, max_length=100, pattern=r"\S")]


class Booked(msgspec.Struct, frozen=True):
    """The document that adds or changes it there; see `/v1/documents`."""

    document_id: uuid.UUID
    state: str
    external_id: str | None


_EXAMPLE: Final[dict[str, Any]] = {
    "document_id": "0198c0de-0000-7000-8000-0000000000d1",
    "state": "waiting",
    "external_id": None,
}


@requires(Permission.CHARGES_WRITE)
@describes(
    Operation(
        id="bookContact",
        summary="Bring a contact into connected books",
        description=(
            "Adds it there as a customer, exactly once; asked again after it has changed here, it "
            "is changed there. The same again gets the same document. What the books say of it "
            "beside that stays."
        ),
        tag="contacts",
        path={"contact_id": "The contact's id."},
        body=Body(
            kinds={JSON: BookingWish},
            examples={
                JSON: {"account_id": "0198c0de-0000-7000-8000-0000000000a1", "code": "CLOUD-1"}
            },
            description="Where it goes.",
        ),
        answer=Booked,
        example=_EXAMPLE,
        problems=(NotFound, NotToBeBooked, StillOnItsWay, ProcessingRestricted),
        mode=True,
    )
)
def book(contact_id: uuid.UUID) -> Response:
    """Send it. What is not there is said before anything in the body is."""
    vault = services().vault
    with work_of_caller() as work:
        find_record(work, vault=vault, shelf=CONTACTS, record_id=contact_id)
    wish = read_json(BookingWish)
    booking = Booking(wish.account_id, wish.code.strip())
    with changing_work() as work:
        made = book_contact(work, vault=vault, contact_id=contact_id, booking=booking)
    return answer(Booked(made.id, made.state, made.external_id))
