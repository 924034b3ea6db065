"""The forms that find, add and change a contact."""

from typing import Any, Final

from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from connector.contacts.write import Entry
from connector.http.console.records.origins import SOURCES
from connector.synced.shapes import Address, Contact
from connector.synced.views import RecordView
from privacy.profiles.data import Source
from tenants.http.choices import choices
from tenants.http.forms import Sheet

_SHORT: Final = Length(max=200, message="Use up to 200 characters.")
_LONG: Final = Length(max=4000, message="Use up to 4000 characters.")


class FindForm(Sheet):
    """Whoever somebody looks for."""

    text = StringField(
        "Telephone number, e-mail address or name",
        [InputRequired("Enter a number, an address or a name."), _SHORT],
        description="The whole of it, in any spelling. A VAT id or customer number works as well.",
        render_kw={"autocomplete": "off"},
    )


class ContactForm(Sheet):
    """A contact that is kept here. Addresses and numbers stand one on a line."""

    name = StringField(
        "Name",
        [InputRequired("Enter a name."), _SHORT],
        description="Of the company, or of the person where there is none.",
        render_kw={"autocomplete": "off"},
    )
    is_person = BooleanField("This is a person, not a company")
    contact_person = StringField("Contact person", [_SHORT], render_kw={"autocomplete": "off"})
    phones = TextAreaField(
        "Telephone numbers",
        [_LONG],
        description="One on a line, with country code or as dialled in Finland.",
        render_kw={"rows": 2, "autocomplete": "off"},
    )
    emails = TextAreaField(
        "E-mail addresses",
        [_LONG],
        description="One on a line.",
        render_kw={"rows": 2, "autocomplete": "off"},
    )
    street = StringField("Street", [_SHORT], render_kw={"autocomplete": "off"})
    postcode = StringField("Postcode", [_SHORT], render_kw={"autocomplete": "off"})
    city = StringField("City", [_SHORT], render_kw={"autocomplete": "off"})
    country = StringField(
        "Country",
        [Length(max=2, message="Enter two letters.")],
        description="Two letters, for example FI.",
        render_kw={"autocomplete": "off", "class": "text-uppercase"},
    )
    vat_id = StringField("VAT id", [_SHORT], render_kw={"autocomplete": "off"})
    company_register_number = StringField(
        "Company register number", [_SHORT], render_kw={"autocomplete": "off"}
    )
    customer_number = StringField("Customer number", [_SHORT], render_kw={"autocomplete": "off"})
    source = SelectField(
        "Where this is from",
        choices=choices((source.value, label) for source, label in SOURCES.items()),
        default=Source.CUSTOMER.value,
    )
    source_name = StringField(
        "Name of the public source",
        [Length(max=100, message="Use up to 100 characters.")],
        description="Only where it is from a public source, for example a trade register.",
    )
    group = HiddenField()
    language = HiddenField()
    version = IntegerField(validators=[Optional()], widget=HiddenInput())

    def entry(self) -> Entry:
        """What the fields say."""
        address = Address(
            street=_clean(self.street.data),
            postcode=_clean(self.postcode.data),
            city=_clean(self.city.data),
            country=_clean(self.country.data).upper(),
        )
        contact = Contact(
            name=_clean(self.name.data),
            is_person=bool(self.is_person.data),
            contact_person=_clean(self.contact_person.data),
            phones=_lines(self.phones.data),
            emails=_lines(self.emails.data),
            address=address if address != Address() else None,
            vat_id=_clean(self.vat_id.data),
            company_register_number=_clean(self.company_register_number.data),
            code=_clean(self.customer_number.data),
            group=_clean(self.group.data),
            language=_clean(self.language.data),
        )
        return Entry(contact, Source(self.source.data), _clean(self.source_name.data) or None)


def filled(view: RecordView[Contact]) -> dict[str, Any]:
    """What the form shows of a stored contact."""
    contact, address = view.record, view.record.address or Address()
    return {
        "name": contact.name,
        "is_person": contact.is_person,
        "contact_person": contact.contact_person,
        "phones": "\n".join(contact.phones),
        "emails": "\n".join(contact.emails),
        "street": address.street,
        "postcode": address.postcode,
        "city": address.city,
        "country": address.country,
        "vat_id": contact.vat_id,
        "company_register_number": contact.company_register_number,
        "customer_number": contact.code,
        "group": contact.group,
        "language": contact.language,
        "source": view.source,
        "source_name": view.source_name or "",
        "version": view.version,
    }


def _clean(text: str | None) -> str:
    return " ".join((text or "").split())


def _lines(text: str | None) -> tuple[str, ...]:
    return tuple(line for line in map(_clean, (text or "").splitlines()) if line)
