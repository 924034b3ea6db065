"""Bodies of /api/v1/disclosures."""

import uuid
from datetime import date, datetime
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta

from connector.http.api.registers.wanted import At, Email, Name, Number, Region, Service
from privacy.disclosures.shapes import DisclosureView
from privacy.profiles.sharing import AuthorityReason, Ground

_Line = Annotated[str, Meta(min_length=1, max_length=400)]
_Field = Annotated[str, Meta(min_length=1, max_length=60)]
_Digest = Annotated[str, Meta(pattern="^[0-9a-f]{64}$", description="Of what was previewed.")]


class DisclosureWish(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What is told to whom, on which ground. `values` only for a registry, by field."""

    ground: Ground
    reference: _Line
    fields: Annotated[list[_Field], Meta(min_length=1, max_length=50)]
    recipient: _Line
    service: Service | None = None
    email: Email | None = None
    number: Number | None = None
    name: Name = ""
    region: Region = "FI"
    reason: AuthorityReason | None = None
    contact: Annotated[str, Meta(max_length=400)] = ""
    at: At | None = None
    values: Annotated[dict[_Field, _Line], Meta(max_length=50)] = {}


class DisclosureMade(msgspec.Struct, frozen=True):
    """The entry. With `digest` it is a preview: nothing is published before that is sent back."""

    id: uuid.UUID
    digest: str | None


class Publication(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What was looked at."""

    digest: _Digest


class DisclosureEntry(msgspec.Struct, frozen=True):
    """One entry. Without `at` it is a preview of what a registry would publish."""

    id: uuid.UUID
    service: str
    ground: Ground
    reason: AuthorityReason | None
    fields: list[str]
    email: str | None
    number: str | None
    name: str | None
    recipient: str
    contact: str
    reference: str
    at: datetime | None
    recorded_at: datetime
    ends_on: date


class DisclosureEntries(msgspec.Struct, frozen=True):
    """A page of the register; without `next_cursor` it is the last one."""

    disclosures: list[DisclosureEntry]
    next_cursor: uuid.UUID | None


EXAMPLE: Final[dict[str, Any]] = {
    "id": "0198c0de-0000-7000-8000-0000000000f4",
    "service": "V",
    "ground": "court",
    "reason": None,
    "fields": ["email"],
    "email": "robin@example.com",
    "number": None,
    "name": "Robin Example",
    "recipient": "Amtsgericht Example",
    "contact": "",
    "reference": "4 C 7/26",
    "at": "2026-11-20T09:15:00Z",
    "recorded_at": "2026-11-20T09:15:00Z",
    "ends_on": "2030-01-01",
}


def entry_of(view: DisclosureView) -> DisclosureEntry:
    """As the API shows an entry."""
    return DisclosureEntry(
        id=view.id,
        service=view.service,
        ground=view.ground,
        reason=view.reason,
        fields=list(view.fields),
        email=view.person.email or None,
        number=view.person.phone or None,
        name=view.person.name or None,
        recipient=view.recipient,
        contact=view.contact,
        reference=view.reference,
        at=view.at,
        recorded_at=view.recorded_at,
        ends_on=view.ends_on,
    )
