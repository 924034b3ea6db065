"""POST, PUT and DELETE of /api/v1/contacts: what programs enter themselves."""

import uuid
from typing import Annotated, Final

import msgspec
from flask import Response
from msgspec import Meta

from connector.calls.numbers import DEFAULT_REGION
from connector.contacts.checks import CardNumber
from connector.contacts.shelf import CONTACTS
from connector.contacts.write import (
    BelongsToSystem,
    ChangedMeanwhile,
    Entry,
    change_contact,
    create_contact,
    delete_contact,
)
from connector.http.api.answers import answer
from connector.http.api.calls.wanted import Region
from connector.http.api.inputs import JSON, read_json
from connector.http.api.once import PROBLEMS, made_once
from connector.http.api.operations import Body, Operation, describes
from connector.http.api.records import examples
from connector.http.api.trials import changing_work
from connector.synced.read import find_record
from connector.synced.shapes import Address, Contact
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import NotFound
from privacy.profiles.data import Source
from tenants.http.access import requires
from tenants.http.services import services
from tenants.permissions import Permission

_Text = Annotated[str, Meta(max_length=200)]
_Name = Annotated[str, Meta(min_length=1, max_length=200)]
_Email = Annotated[str, Meta(max_length=254)]
_Phone = Annotated[str, Meta(max_length=64)]
_Country = Annotated[str, Meta(pattern="^([A-Z]{2})?$", description="ISO 3166, two letters.")]
_PATH: Final = {"contact_id": "The contact's id."}


class ContactAddress(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A postal address."""

    street: _Text = ""
    postcode: _Text = ""
    city: _Text = ""
    country: _Country = ""


class ContactEntry(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A contact as it is entered. VAT ids and company register numbers must be formed as their
    country forms them. `source` says where it is from; a public source is named."""

    name: _Name
    is_person: bool = False
    code: _Text = ""
    contact_person: _Text = ""
    emails: Annotated[list[_Email], Meta(max_length=20)] = []
    phones: Annotated[list[_Phone], Meta(max_length=20)] = []
    address: ContactAddress | None = None
    company_register_number: _Text = ""
    vat_id: _Text = ""
    group: _Text = ""
    language: _Text = ""
    active: bool = True
    source: Source = Source.CUSTOMER
    source_name: Annotated[str, Meta(min_length=1, max_length=100)] | None = None
    region: Region = DEFAULT_REGION


class ContactChange(ContactEntry, forbid_unknown_fields=True, kw_only=True):
    """The whole contact as it is to be. With `version`, only if that is still the stored one."""

    version: Annotated[int, Meta(ge=1, le=2**31 - 1)] | None = None


class Written(msgspec.Struct, frozen=True):
    """What was written, without repeating it."""

    id: uuid.UUID
    version: int


class Erased(msgspec.Struct, frozen=True):
    """The contact that is erased."""

    id: uuid.UUID


@requires(Permission.CONTACTS_WRITE)
@describes(
    Operation(
        id="createContact",
        summary="Add a contact",
        description=(
            "Contacts that you keep here yourself. Those of connected systems come by themselves, "
            "and are changed there. A payment card number in any field is refused."
        ),
        tag="contacts",
        body=Body(
            kinds={JSON: ContactEntry},
            examples={JSON: examples.NEW_CONTACT},
            description="The contact.",
        ),
        answer=Written,
        example={"id": examples.CONTACT_ID, "version": 1},
        problems=(CardNumber, *PROBLEMS),
        idempotent=True,
        mode=True,
    )
)
def create() -> Response:
    """Add a contact; once for each Idempotency-Key."""
    return made_once(ContactEntry, _create)


@requires(Permission.CONTACTS_WRITE)
@describes(
    Operation(
        id="changeContact",
        summary="Change a contact",
        description="Puts what is sent in the place of what is stored.",
        tag="contacts",
        path=_PATH,
        body=Body(
            kinds={JSON: ContactChange},
            examples={JSON: examples.NEW_CONTACT | {"version": 1}},
            description="The whole contact.",
        ),
        answer=Written,
        example={"id": examples.CONTACT_ID, "version": 2},
        problems=(NotFound, BelongsToSystem, ChangedMeanwhile, CardNumber),
        mode=True,
    )
)
def change(contact_id: uuid.UUID) -> Response:
    """Change a contact. What is not there is said before anything in the body is."""
    vault = services().vault
    with changing_work() as work:
        find_record(work, vault=vault, shelf=CONTACTS, record_id=contact_id, lock=True)
        wanted = read_json(ContactChange)
        version = change_contact(
            work,
            vault=vault,
            contact_id=contact_id,
            entry=_entry(wanted),
            version=wanted.version,
        )
    return answer(Written(contact_id, version))


@requires(Permission.CONTACTS_WRITE)
@describes(
    Operation(
        id="deleteContact",
        summary="Erase a contact",
        description="Erases it for good, with everything that it could be found by.",
        tag="contacts",
        path=_PATH,
        answer=Erased,
        example={"id": examples.CONTACT_ID},
        problems=(NotFound, BelongsToSystem),
        mode=True,
    )
)
def delete(contact_id: uuid.UUID) -> Response:
    """Erase a contact."""
    with changing_work() as work:
        delete_contact(work, vault=services().vault, contact_id=contact_id)
    return answer(Erased(contact_id))


def _create(work: UnitOfWork, sent: ContactEntry) -> Written:
    return Written(create_contact(work, vault=services().vault, entry=_entry(sent)), 1)


def _entry(sent: ContactEntry) -> Entry:
    address = sent.address
    contact = Contact(
        name=sent.name,
        is_person=sent.is_person,
        code=sent.code,
        contact_person=sent.contact_person,
        emails=tuple(sent.emails),
        phones=tuple(sent.phones),
        address=Address(**msgspec.structs.asdict(address)) if address else None,
        company_register_number=sent.company_register_number,
        vat_id=sent.vat_id,
        group=sent.group,
        language=sent.language,
        active=sent.active,
    )
    return Entry(contact, sent.source, sent.source_name, sent.region)
