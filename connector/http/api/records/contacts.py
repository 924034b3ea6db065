"""/api/v1/contacts: list and read; POST …/search: by number, e-mail and the like, in the body."""

import uuid
from typing import Annotated

import msgspec
from flask import Response
from msgspec import Meta

from connector.calls.numbers import DEFAULT_REGION
from connector.contacts.kinds import TokenKind
from connector.contacts.search import ContactQuery, search_contacts
from connector.contacts.shelf import CONTACTS
from connector.http.api.answers import answer
from connector.http.api.calls.wanted import Purpose, Region
from connector.http.api.inputs import JSON, read_json
from connector.http.api.operations import Body, Operation, describes
from connector.http.api.records import examples
from connector.http.api.records.pages import IN_ORDER, PurposePageQuery, read_one, read_page
from connector.http.api.records.shapes import Contacts, StoredContact
from connector.http.api.records.shown import contact_of
from privacy.core.errors import Invalid, NotFound
from privacy.suppressions.uses import Use
from tenants.http.access import requires
from tenants.http.callers import caller
from tenants.http.services import services, work_of_caller
from tenants.permissions import Permission
from tenants.principals import Mode

_Text = Annotated[str, Meta(min_length=1, max_length=254)]


class ContactSearch(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """One of them, whole and in any usual spelling: parts of a text find nothing."""

    phone: _Text | None = None
    email: _Text | None = None
    name: _Text | None = None
    vat_id: _Text | None = None
    register: _Text | None = None
    code: _Text | None = None
    region: Region = DEFAULT_REGION
    purpose: Purpose = Use.DELIVERY


class FoundContacts(msgspec.Struct, frozen=True):
    """Up to a hundred contacts, the latest change first."""

    contacts: list[StoredContact]


@requires(Permission.CONTACTS_READ)
@describes(
    Operation(
        id="listContacts",
        summary="List contacts",
        description=f"{IN_ORDER} With a `purpose` that people can object to, those who did are "
        "not among them, and a page may be short.",
        tag="contacts",
        query=PurposePageQuery,
        answer=Contacts,
        example={"contacts": [examples.CONTACT], "next_cursor": None},
        problems=(Invalid,),
        mode=True,
    )
)
def list_all() -> Response:
    """A page of contacts."""
    page = read_page(CONTACTS, PurposePageQuery)
    return answer(Contacts([contact_of(view) for view in page.records], page.next_cursor))


@requires(Permission.CONTACTS_READ)
@describes(
    Operation(
        id="readContact",
        summary="Read one contact",
        description="A contact by its id. One that is erased, never was or is another tenant's "
        "is 404.",
        tag="contacts",
        path={"contact_id": "The contact's id."},
        answer=StoredContact,
        example=examples.CONTACT,
        problems=(NotFound,),
        mode=True,
    )
)
def read(contact_id: uuid.UUID) -> Response:
    """One contact."""
    return answer(contact_of(read_one(CONTACTS, contact_id)))


@requires(Permission.CONTACTS_READ)
@describes(
    Operation(
        id="searchContacts",
        summary="Search contacts",
        description=(
            "By exactly one of phone, email, name (of company or contact person), VAT id, company "
            "register number or customer code. A search changes nothing; it is a POST so that what "
            "is looked for is in the body, where no log keeps it."
        ),
        tag="contacts",
        body=Body(
            kinds={JSON: ContactSearch},
            examples={JSON: {"phone": "+1 202-555-0143"}},
            description="What is looked for.",
        ),
        answer=FoundContacts,
        example={"contacts": [examples.CONTACT]},
        mode=True,
    )
)
def search() -> Response:
    """The contacts that were asked for."""
    query = _query(read_json(ContactSearch))
    query.check()
    if caller().mode is Mode.TEST:
        return answer(FoundContacts([]))
    with work_of_caller() as work:
        found = search_contacts(work, vault=services().vault, query=query)
    return answer(FoundContacts([contact_of(view) for view in found]))


def _query(wanted: ContactSearch) -> ContactQuery:
    given = [(kind, text) for kind in TokenKind if (text := getattr(wanted, kind.value))]
    if len(given) != 1:
        raise Invalid("Search by exactly one field.", fields={"": "Give exactly one of them."})
    return ContactQuery(*given[0], region=wanted.region, use=wanted.purpose)
