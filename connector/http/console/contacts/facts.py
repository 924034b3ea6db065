"""A contact as its pages tell of it."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from connector.http.console.records.lines import Line, address_lines, told
from connector.http.console.records.origins import GROUPS, Names, origin_of, source_of
from connector.http.console.wording import telephone
from connector.synced.columns import Doubt
from connector.synced.shapes import Contact
from connector.synced.views import RecordView


@dataclass(frozen=True, slots=True)
class ContactFacts:
    """A line of the list, and the head of a page."""

    id: uuid.UUID
    name: str
    person: str
    phones: tuple[str, ...]
    emails: tuple[str, ...]
    origin: str
    by_hand: bool
    active: bool
    doubtful: bool
    changed_at: datetime


def facts_of(view: RecordView[Contact], names: Names) -> ContactFacts:
    """The facts of an opened contact."""
    contact = view.record
    return ContactFacts(
        id=view.id,
        name="Restricted" if view.restricted else contact.name or "without a name",
        person=contact.contact_person,
        phones=phones_of(view),
        emails=contact.emails,
        origin=origin_of(view, names),
        by_hand=view.by_hand,
        active=contact.active,
        doubtful=bool(view.doubts & (Doubt.VAT_ID | Doubt.REGISTER_NUMBER)),
        changed_at=view.changed_at,
    )


def phones_of(view: RecordView[Contact]) -> tuple[str, ...]:
    """Numbers in one form where they have one, else as they came."""
    return tuple(map(telephone, view.numbers)) or view.record.phones


def lines_of(view: RecordView[Contact], names: Names) -> list[Line]:
    """Everything that is kept of a contact; what nobody told is left out."""
    contact, doubts = view.record, view.doubts
    return told(
        [
            Line("Contact person", contact.contact_person),
            Line("Telephone", texts=phones_of(view)),
            Line("E-mail", texts=contact.emails),
            Line("Address", texts=address_lines(contact.address)),
            Line("VAT id", contact.vat_id, doubtful=Doubt.VAT_ID in doubts),
            Line(
                "Company register number",
                contact.company_register_number,
                doubtful=Doubt.REGISTER_NUMBER in doubts,
            ),
            Line("Customer number", contact.code),
            Line("Group", contact.group),
            Line("Language", contact.language),
            Line("Kind", "Person" if contact.is_person else "Company"),
            Line("Comes from", origin_of(view, names)),
            Line("Source", source_of(view)),
            Line("Whose data", GROUPS[view.subject_group]),
            Line("First seen", at=view.first_seen_at),
            Line("Last changed", at=view.changed_at),
        ]
    )
