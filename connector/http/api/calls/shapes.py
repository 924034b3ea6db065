"""A call as the API shows it."""

import uuid
from datetime import date, datetime

import msgspec

from connector.calls.shapes import Direction
from connector.calls.views import CallView, ContactSource


class Call(msgspec.Struct, frozen=True):
    """A stored call. `day` is the UTC day under whose key it is sealed; at `destroyed_at` that key
    goes, and the call with it. `contact_source` says whether contact person and company are the
    exchange's own, or were found among your contacts by the number; `contact_id` is that contact.
    With `do_not_call` somebody on this call objects to being reached for some purpose. With
    `restricted` the use of somebody's data is restricted (GDPR Art. 18): who it was is left out.
    """

    id: uuid.UUID
    account: uuid.UUID
    version: int
    direction: Direction
    source_id: str | None
    caller: str | None
    called: str | None
    user_id: str | None
    contact_person: str | None
    company: str | None
    started_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    day: date
    destroyed_at: datetime
    contact_source: ContactSource | None
    contact_id: uuid.UUID | None
    do_not_call: bool
    restricted: bool


def call_of(view: CallView) -> Call:
    """`view` for an answer."""
    record = view.record
    return Call(
        id=view.id,
        account=view.account_id,
        version=record.version,
        direction=record.direction,
        source_id=record.source_id,
        caller=record.caller,
        called=record.called,
        user_id=record.user_id,
        contact_person=record.contact_person,
        company=record.company,
        started_at=record.started_at,
        answered_at=record.answered_at,
        ended_at=record.ended_at,
        day=view.day,
        destroyed_at=view.destroyed_at,
        contact_source=view.contact_source,
        contact_id=view.contact_id,
        do_not_call=bool(view.objections),
        restricted=view.restricted,
    )
