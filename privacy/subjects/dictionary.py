"""What each field of an export means: as the profiles declare it, and of our own registers."""

from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from privacy.profiles import load_profiles

OWN: Final[Mapping[str, str]] = MappingProxyType(
    {
        "source": "Where the record is from",
        "kept_until": "First day on which the record is gone; empty where that is open",
        "source_documents": "How many documents of the telephone system say the same",
        "kind": "Kind of the record",
        "phone": "Telephone number",
        "reference": "What letters and mails name it by",
        "opened_at": "When the thread began",
        "contact": "Who asked, and how they are reached",
        "technical_log": "From which device it came, while that is kept",
        "messages": "Messages of the thread: way, time, text",
        "registered_at": "When the account was made",
        "confirmed_at": "When its address was confirmed",
        "registration": "What was entered at the registration",
        "agreements": "Terms that were agreed to: version, time, IP address",
        "checks": "How the registration was checked, and what came of it",
        "purpose": "What was agreed to",
        "service": "Service that it belongs to",
        "wording": "The words that were agreed to",
        "events": "When it was given and withdrawn, over which channel, with its evidence",
        "at": "When it was said",
        "objection": "What you object to",
        "cause": "What you said",
        "since": "Since when it is honoured",
        "to": "The address that was written to",
        "state": "Where it stands",
        "written_at": "When it was written",
        "subject": "Subject of the mail",
        "text": "Text of the mail",
        "received_at": "When it arrived",
        "due_on": "Until when it is answered",
        "wish": "What you asked for, in your words",
        "restricted_since": "Since when the use of your data is restricted",
        "restricted_until": "When that ended",
        "external_id": "Id of the record in the system that it is from",
        "other_information": "Fields that the organisation added",
        "values": "What it got",
        "source_document": "What it was read from, as it came",
        "sessions": "When you were signed in",
        "documents": "Your identity documents that wait for a decision; destroyed with it",
        "ground": "On which ground",
        "recipient": "Who got it",
        "fields": "What of it",
    }
)
UNEXPLAINED: Final = "As its name says"


def meanings(names: Iterable[str]) -> dict[str, str]:
    """Of these fields, in order."""
    known = _declared()
    return {name: OWN.get(name) or known.get(name) or UNEXPLAINED for name in names}


@cache
def _declared() -> Mapping[str, str]:
    return {
        field.name: field.meaning
        for one in load_profiles().values()
        for kind in one.data
        for field in kind.fields
    }
