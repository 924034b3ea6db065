"""Parts that the bodies of the registers share."""

import uuid
from datetime import datetime
from typing import Annotated, Final

import msgspec
from msgspec import Meta

LIMIT: Final = 50

Email = Annotated[str, Meta(min_length=3, max_length=254, description="E-mail address.")]
Number = Annotated[
    str, Meta(min_length=2, max_length=128, description="Telephone number, as you have it.")
]
Region = Annotated[
    str, Meta(pattern="^[A-Z]{2}$", description="Country that national spellings are from.")
]
Visitor = Annotated[
    str, Meta(min_length=22, max_length=64, description="Random id of a visitor's browser.")
]
Name = Annotated[str, Meta(max_length=200, description="Name, where it was given.")]
Service = Annotated[
    str, Meta(pattern="^[A-Z]$", description="Key of your service; the only one by default.")
]
At = Annotated[datetime, Meta(tz=True, description="When it was said; now by default.")]
Limit = Annotated[int, Meta(ge=1, le=100, description="The most that a page holds.")]
Cursor = Annotated[uuid.UUID, Meta(description="next_cursor of the page before.")]


class RegisterPage(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Which page, the latest recorded first."""

    cursor: Cursor | None = None
    limit: Limit = LIMIT


class PersonSearch(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """One person, by an address or a number. In a body, where no log keeps it."""

    email: Email | None = None
    number: Number | None = None
    region: Region = "FI"


class WhoSearch(PersonSearch, forbid_unknown_fields=True, kw_only=True):
    """One person, by an address, a number or a visitor's id. In a body, where no log keeps it."""

    visitor: Visitor | None = None


class Recorded(msgspec.Struct, frozen=True):
    """The id of what was recorded."""

    id: uuid.UUID
