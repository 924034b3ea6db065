"""What people decide about requests, as the API takes it."""

import uuid
from datetime import date, datetime
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from privacy.holds.models import Holdable
from privacy.subjects.words import Ground

Reasons = Annotated[
    str, Meta(min_length=1, max_length=4000, description="In your words; the person reads them.")
]
_Due = Annotated[date, Meta(description="The day that the authority set.")]
_Place = Annotated[int, Meta(ge=0, le=32_767, description="The step's position, from 0.")]
_Held = Annotated[str, Meta(min_length=1, max_length=1000, description="Which claim, in words.")]
HOLD: Final = "0198c0de-0000-7000-8000-0000000000f2"


class Extension(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Why it takes longer."""

    reasons: Reasons


class Refusal(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """On which ground, and why."""

    ground: Ground
    reasons: Reasons


class Order(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What an authority ordered, under which reference, and until when."""

    due: _Due
    order: Reasons


class Weighing(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Whose grounds weigh more: the person's (`upheld`), or yours."""

    upheld: bool
    reasons: Reasons


class Ticked(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Which step somebody has done."""

    place: _Place


class HoldWish(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Which row nobody deletes, and why."""

    relation: Holdable
    row_id: uuid.UUID
    reason: _Held


class Hold(msgspec.Struct, frozen=True):
    """A hold that stands."""

    id: uuid.UUID
    relation: Holdable
    row_id: uuid.UUID
    reason: str
    began_at: datetime


class Holds(msgspec.Struct, frozen=True):
    """Those that stand, the latest first; without `next_cursor` it is the last page."""

    holds: list[Hold]
    next_cursor: uuid.UUID | None


class Released(msgspec.Struct, frozen=True):
    """A hold that has ended, and the requests whose erasures go on."""

    id: uuid.UUID
    resumed: list[uuid.UUID]
