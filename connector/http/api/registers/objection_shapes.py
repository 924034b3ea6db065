"""Objections as the API takes and shows them."""

import uuid
from datetime import datetime
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta

from connector.http.api.registers.wanted import At, Email, Name, Number, Region
from privacy.objections.shapes import ObjectionView
from privacy.profiles.parts import Objection, ObjectionChannel

_Purposes = Annotated[
    list[Objection],
    Meta(min_length=1, max_length=5, description="What the person objects to, each on its own."),
]


class ObjectionWish(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Who objects to what, and how that arrived."""

    objections: _Purposes
    channel: ObjectionChannel
    email: Email | None = None
    number: Number | None = None
    name: Name | None = None
    region: Region = "FI"
    at: At | None = None


class Ending(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """How the person said that the objection is over."""

    channel: ObjectionChannel = ObjectionChannel.FORM


class ObjectionEntry(msgspec.Struct, frozen=True):
    """An objection. `standing` until the person ends it."""

    id: uuid.UUID
    objection: Objection
    standing: bool
    email: str | None
    number: str | None
    name: str | None
    channel: ObjectionChannel
    at: datetime
    recorded_at: datetime
    ended_at: datetime | None
    ended_channel: ObjectionChannel | None


class Objections(msgspec.Struct, frozen=True):
    """A page of objections; without `next_cursor` it is the last one."""

    objections: list[ObjectionEntry]
    next_cursor: uuid.UUID | None


class RecordedObjections(msgspec.Struct, frozen=True):
    """An id for each purpose, in the order of the purposes' names."""

    ids: list[uuid.UUID]


def objection_of(view: ObjectionView) -> ObjectionEntry:
    """`view` for an answer."""
    return ObjectionEntry(
        id=view.id,
        objection=view.objection,
        standing=view.standing,
        email=view.person.email or None,
        number=view.person.phone or None,
        name=view.person.name or None,
        channel=view.channel,
        at=view.at,
        recorded_at=view.recorded_at,
        ended_at=view.ended_at,
        ended_channel=view.ended_channel,
    )


OBJECTION_EXAMPLE: Final[dict[str, Any]] = {
    "id": "0198c0de-0000-7000-8000-0000000000e1",
    "objection": "telemarketing",
    "standing": True,
    "email": None,
    "number": "+12025550143",
    "name": "Robin Example",
    "channel": "telephone",
    "at": "2026-11-22T09:15:00Z",
    "recorded_at": "2026-11-22T09:16:12Z",
    "ended_at": None,
    "ended_channel": None,
}
