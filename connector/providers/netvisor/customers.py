"""Customers, in: customerlist.nv and getcustomer.nv."""

from typing import Final

import msgspec

from connector.providers.netvisor.documents import Node
from connector.providers.netvisor.texts import Texts

LISTED: Final = frozenset({"customer"})
_COUNTRY: Final = 2


class CustomerHead(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the list."""

    netvisor_key: int
    name: str | None = None
    code: str | None = None
    organisation_id: str | None = None


class ContactPerson(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who works for a customer."""

    netvisor_key: int | None = None
    name: str | None = None
    phone: str | None = None
    email: str | None = None


class Customer(msgspec.Struct, frozen=True, kw_only=True):
    """One customer. `unread`: names of elements whose values made no sense."""

    netvisor_key: int | None
    """None from servers that leave it out of a single answer."""
    code: str | None = None
    organisation_id: str | None = None
    name: str | None = None
    name_extension: str | None = None
    street: str | None = None
    street_extension: str | None = None
    postal_code: str | None = None
    city: str | None = None
    country: str | None = None
    """ISO 3166, two letters; None for anything else."""
    group: str | None = None
    phone: str | None = None
    email: str | None = None
    invoicing_email: str | None = None
    home_page: str | None = None
    is_active: bool | None = None
    is_private: bool | None = None
    einvoice_address: str | None = None
    einvoice_operator: str | None = None
    reference: str | None = None
    comment: str | None = None
    contacts: tuple[ContactPerson, ...] = ()
    unread: tuple[str, ...] = ()


def read_customer_head(node: Node) -> CustomerHead | None:
    """A row of customerlist; None without a key, since nothing could be asked about it."""
    said = Texts(node, [])
    key = said.key("netvisorkey")
    if key is None:
        return None
    return CustomerHead(
        netvisor_key=key,
        name=said.text("name"),
        code=said.text("code"),
        organisation_id=said.text("organisationidentifier", "organizationidentifier"),
    )


def read_customer(node: Node) -> Customer:
    """The `Customer` of getcustomer."""
    unread: list[str] = []
    whole = Texts(node, unread)
    base = whole.at("customerbaseinformation")
    more = whole.at("customeradditionalinformation")
    einvoice = whole.at("customerfinvoicedetails")
    return Customer(
        netvisor_key=base.key("netvisorkey"),
        code=base.text("internalidentifier"),
        organisation_id=base.text("externalidentifier"),
        name=base.text("name"),
        name_extension=base.text("nameextension"),
        street=base.text("streetaddress"),
        street_extension=base.text("additionalstreetaddress", "additionaladdressline"),
        postal_code=base.text("postnumber"),
        city=base.text("city"),
        country=_country(base.text("country")),
        group=base.text("customergroupname"),
        phone=base.text("phonenumber"),
        email=base.text("email"),
        invoicing_email=base.text("emailinvoicingaddress"),
        home_page=base.text("homepageuri"),
        is_active=base.flag("isactive"),
        is_private=base.flag("isprivatecustomer"),
        einvoice_address=einvoice.text("finvoiceaddress"),
        einvoice_operator=einvoice.text("finvoiceroutercode"),
        reference=more.text("referencenumber", "customerreferencenumber"),
        comment=more.text("comment"),
        contacts=tuple(_contacts(node, unread)),
        unread=tuple(unread),
    )


def _country(text: str | None) -> str | None:
    code = (text or "").upper()
    return code if len(code) == _COUNTRY and code.isascii() and code.isalpha() else None


def _contacts(node: Node, unread: list[str]) -> list[ContactPerson]:
    """The one of CustomerContactDetails, then those of CustomerContactPersons."""
    main = Texts(node.at("customercontactdetails"), unread)
    people = [
        ContactPerson(
            name=main.text("contactperson", "contactname"),
            phone=main.text("contactpersonphone"),
            email=main.text("contactpersonemail"),
        )
    ]
    for each in node.at("customercontactpersons").all("customercontactperson"):
        said = Texts(each, unread)
        names = (said.text("contactpersonfirstname"), said.text("contactpersonlastname"))
        person = ContactPerson(
            netvisor_key=said.key("contactpersonid"),
            name=" ".join(filter(None, names)) or None,
            phone=said.text("contactpersonphonenumber"),
            email=said.text("contactpersonemail"),
        )
        people.append(person)
    return [person for person in people if person != ContactPerson()]
