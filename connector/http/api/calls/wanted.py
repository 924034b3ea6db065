"""What callers of the API look for, as searches and exports have it in their bodies."""

from datetime import datetime
from typing import Annotated, Final

from msgspec import Meta

from privacy.core.errors import Invalid
from privacy.suppressions.uses import Use

_YEARS: Final = (1970, 2200)

Number = Annotated[
    str,
    Meta(min_length=1, max_length=128, description="Caller or called, in any usual spelling."),
]
User = Annotated[str, Meta(min_length=1, max_length=200, description="Moontalk user id.")]
Since = Annotated[datetime, Meta(tz=True, description="Calls that start then or later.")]
Until = Annotated[datetime, Meta(tz=True, description="Calls that start before then.")]
Region = Annotated[
    str, Meta(pattern="^[A-Z]{2}$", description="Country that national spellings are from.")
]

Purpose = Annotated[
    Use,
    Meta(description="What for. People who objected to it, or had to agree, are left out."),
]


def check_years(**moments: datetime | None) -> None:
    """A moment at the edge of what dates can say has no UTC form. Raises Invalid."""
    for name, moment in moments.items():
        if moment is not None and not _YEARS[0] <= moment.year <= _YEARS[1]:
            raise Invalid(fields={name: f"A year from {_YEARS[0]} to {_YEARS[1]} is wanted."})
