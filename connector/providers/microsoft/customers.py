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
    key = whole.text("id") or company.text("tenantId")
    name = company.text("companyName") or billing.text("companyName") or company.text("domain")
    if not key or not name:
        return None
    place, email = billing.at("defaultAddress"), billing.text("email")
    phone = place.text("phoneNumber")
    number = company.text("organizationRegistrationNumber")
    contact = Contact(
        name=name,
        contact_person=full_name(billing),
        emails=(email,) if email else (),
        phones=(phone,) if phone else (),
        address=read_address(place),
        company_register_number=number,
        vat_id=company.text("vatId") or billing.text("taxId"),
        language=billing.text("language")[:2].lower(),
    )
    return Received(external_id=key, record=contact, document=pack(document))


def full_name(values: Values) -> str:
    """First and last name, whichever there are."""
    return " ".join(filter(None, (values.text("firstName"), values.text("lastName"))))


def read_address(values: Values) -> Address | None:
    """An address, or None where nothing of it was told."""
    lines = (values.text("addressLine1"), values.text("addressLine2"))
    country = values.text("country").upper()
    address = Address(
        street=", ".join(filter(None, lines)),
        postcode=values.text("postalCode"),
        city=values.text("city"),
        country=country if len(country) == 2 and country.isalpha() else "",
    )
    return address if address != Address() else None
