"""What was typed into a registration: its details, and fields that the tenant declared."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from connector.inquiries.declared import NotDeclared
from connector.inquiries.forms.own import complaints_of, read_own, split
from connector.inquiries.forms.refs import FormRef
from connector.registrations.details import Details, read_details
from privacy.core.errors import Invalid


@dataclass(frozen=True, slots=True)
class Entered:
    """Both, tidied; `own` by the fields' keys (promises A9, A11)."""

    details: Details
    own: Mapping[str, str]

    def __repr__(self) -> str:
        return "<Entered>"


def read_entered(
    form: FormRef, sent: Mapping[str, str], *, today: date, service: str = ""
) -> Entered:
    """What was typed. Raises as `read_details`; `details["fields"]` names both kinds of fields."""
    fields, given = split(form.own, sent)
    own, wrong = read_own(form.own, given)
    try:
        details = read_details(service or form.service, fields, today=today)
    except NotDeclared:
        raise
    except Invalid as refusal:
        raise Invalid(fields=complaints_of(refusal) | wrong) from None
    if wrong:
        raise Invalid(fields=wrong)
    return Entered(details, own)
