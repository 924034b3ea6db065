"""Partner Center's customers, as contacts."""

from typing import Any, Final

from connector.providers.microsoft.documents import Declared, Values, pack, pick
from connector.providers.port import Received
from connector.synced.shapes import Address, Contact

_IN_PLACE: Final = (
    *("country", "city", "addressLine1", "addressLine2", "postalCode", "phoneNumber"),
)
CUSTOMER: Final[Declared] = {
    "id": None,
    "companyProfile": {
        "tenantId": None,
        "domain": None,
        "companyName": None,
        "organizationRegistrationNumber": None,
        "vatId": None,
    },
    "billingProfile": {
        "firstName": None,
        "lastName": None,
        "email": None,
        "companyName": None,
        "language": None,
        "taxId": None,
        "defaultAddress": dict.fromkeys(_IN_PLACE),
    },
}
"""What service M declares of a customer (promise A5)."""


def received_customer(raw: dict[str, Any]) -> Received | None:
    """A customer as Microsoft sent it; None without an id."""
    return map_customer(pick(raw, CUSTOMER))


def map_customer(document: dict[str, Any]) -> Received | None:
    """A picked customer."""
    whole = Values(document)
    company, billing = whole.at("companyProfile"), whole.at("billingProfile")
    key = whole.string("id") or company.string("tenantId")
    name = (
        company.string("companyName") or billing.string("companyName") or company.string("domain")
    )
    if not key or not name:
        return None
    place, email = billing.at("defaultAddress"), billing.string("email")
    phone = place.string("phoneNumber")
    number = company.string("organizationRegistrationNumber")
    contact = Contact(
        name=name,
        contact_person=full_name(billing),
        emails=(email,) if email else (),
        phones=(phone,) if phone else (),
        address=read_address(place),
        company_register_number=number,
        vat_id=company.string("vatId") or billing.string("taxId"),
        language=billing.string("language")[:2].lower(),
    )
    return Received(external_id=key, record=contact, document=pack(document))


def full_name(values: Values) -> str:
    """First and last name, whichever there are."""
    return " ".join(filter(None, (values.string("firstName"), values.string("lastName"))))


def read_address(values: Values) -> Address | None:
    """An address, or None where nothing of it was told."""
    lines = (values.string("addressLine1"), values.string("addressLine2"))
    country = values.string("country").upper()
    address = Address(
        street=", ".join(filter(None, lines)),
        postcode=values.string("postalCode"),
        city=values.string("city"),
        country=country if len(country) == 2 and country.isalpha() else "",
    )
    return address if address != Address() else None
