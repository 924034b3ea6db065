"""What the ledger's events say of reading: which table, and how the records are counted."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from privacy.ledger.events import Event


@dataclass(frozen=True, slots=True)
class Reading:
    """One kind of reading.

    Args:
        table: what is read; "" where the event's `kind` says it.
        fact: the fact with the count; "" where the event is about the one record it names.
    """

    table: str
    fact: str = ""


_FOUND: Final = "found"
READINGS: Final[Mapping[Event, Reading]] = MappingProxyType(
    {
        Event.CALLS_SEARCHED: Reading("calls", _FOUND),
        Event.CALLS_LOOKED_UP: Reading("calls", _FOUND),
        Event.CALLS_FETCHED: Reading("calls", "most"),
        Event.CALLS_EXPORTED: Reading("calls", "most"),
        Event.CALL_READ: Reading("calls"),
        Event.CALL_VIEWED: Reading("calls"),
        Event.CONTACTS_SEARCHED: Reading("contacts", _FOUND),
        Event.CONTACTS_LOOKED_UP: Reading("contacts", _FOUND),
        Event.RECORDS_LISTED: Reading("", _FOUND),
        Event.RECORDS_LOOKED_THROUGH: Reading("", _FOUND),
        Event.RECORD_READ: Reading(""),
        Event.RECORD_VIEWED: Reading(""),
        Event.STALE_LISTED: Reading("contacts", _FOUND),
        Event.INQUIRIES_LISTED: Reading("inquiries", _FOUND),
        Event.INQUIRY_VIEWED: Reading("inquiries"),
        Event.REGISTRATIONS_LISTED: Reading("registrants", _FOUND),
        Event.REGISTRATION_VIEWED: Reading("registrants"),
        Event.CONSENTS_SEARCHED: Reading("consents", _FOUND),
        Event.CONSENT_VIEWED: Reading("consents"),
        Event.OBJECTIONS_SEARCHED: Reading("objections", _FOUND),
        Event.OBJECTION_VIEWED: Reading("objections"),
        Event.DISCLOSURES_SEARCHED: Reading("disclosures", _FOUND),
        Event.DISCLOSURE_VIEWED: Reading("disclosures"),
        Event.REQUESTS_LISTED: Reading("subject_requests", _FOUND),
        Event.REQUEST_VIEWED: Reading("subject_requests"),
        Event.REQUEST_FETCHED: Reading("subject_requests"),
        Event.DOCUMENT_LOOKED_AT: Reading("identity_documents"),
        Event.BREACHES_LISTED: Reading("breaches", _FOUND),
        Event.BREACH_VIEWED: Reading("breaches"),
        Event.MAIL_VIEWED: Reading("mails"),
        Event.LEDGER_VIEWED: Reading("ledger_events", "count"),
    }
)
SIGN_INS: Final = (Event.SIGNED_IN.value, Event.REAUTHENTICATED.value)
