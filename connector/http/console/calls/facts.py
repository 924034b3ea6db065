"""A call as a page tells of it."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from connector.calls.shapes import CallRecord
from connector.calls.views import CallView, ContactSource
from connector.http.console.registers.words import in_words
from connector.http.console.wording import duration, telephone

DIRECTIONS: Final = {
    "inbound": ("Incoming", "incoming"),
    "outbound": ("Outgoing", "outgoing"),
    "internal": ("Internal", "internal"),
}
"""Word and picture of each direction."""


_NAMES_FROM: Final = {
    None: "",
    ContactSource.EXCHANGE: "the exchange",
    ContactSource.CONTACT: "your contacts",
}


@dataclass(frozen=True, slots=True)
class CallFacts:
    """A line of a list, and the head of a page."""

    id: uuid.UUID
    day: date
    started_at: datetime
    direction_label: str
    icon: str
    caller: str | None
    called: str | None
    contact: str
    seconds: int | None
    ends_at: datetime
    do_not_call: str
    """What somebody on it objects to, in words; empty where nobody does."""
    restricted: bool
    """Whether who it was is left out: the use of somebody's data is restricted."""
    contact_id: uuid.UUID | None
    """The contact that its names are from, where the exchange sent none."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a call's page: text, or a moment."""

    label: str
    text: str = ""
    at: datetime | None = None


def facts_of(view: CallView) -> CallFacts:
    """The facts of an opened call."""
    label, icon = DIRECTIONS[view.record.direction]
    return CallFacts(
        id=view.id,
        day=view.day,
        started_at=view.record.started_at,
        direction_label=label,
        icon=icon,
        caller=view.record.caller,
        called=view.record.called,
        contact=_contact(view.record),
        seconds=_spoken(view.record),
        ends_at=view.destroyed_at,
        do_not_call=in_words(view.objections),
        restricted=view.restricted,
        contact_id=view.contact_id,
    )


def lines_of(view: CallView, account_name: str) -> list[Fact]:
    """Everything that is stored of a call; what the source did not say is left out."""
    record = view.record
    lines = [
        Fact("Caller", telephone(record.caller)),
        Fact("Called", telephone(record.called)),
        Fact("Contact person", record.contact_person or ""),
        Fact("Company", record.company or ""),
        Fact("Names are from", _NAMES_FROM[view.contact_source]),
        Fact("User", record.user_id or ""),
        Fact("Begin", at=record.started_at),
        Fact("Answered", "not answered", at=record.answered_at),
        Fact("End", at=record.ended_at),
        Fact("Time spoken", duration(_spoken(record)) if record.answered_at else ""),
        Fact("Received from", account_name),
        Fact("Its number there", record.source_id or ""),
        Fact("Version", str(record.version) if record.version > 1 else ""),
    ]
    return [line for line in lines if line.text or line.at]


def _contact(record: CallRecord) -> str:
    return ", ".join(part for part in (record.contact_person, record.company) if part)


def _spoken(record: CallRecord) -> int | None:
    if record.answered_at is None or record.ended_at is None:
        return None
    return max(0, int((record.ended_at - record.answered_at).total_seconds()))
