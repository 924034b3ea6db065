"""When something was said: never ahead of now."""

from datetime import datetime, timedelta
from typing import Final

from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid

_SPARE: Final = timedelta(minutes=5)
"""Clocks of senders differ."""
_YEARS: Final = (1995, 2200)


def is_plausible(at: datetime) -> bool:
    """Whether a register can be asked for it: years beyond these cannot be shown everywhere."""
    return _YEARS[0] <= at.year <= _YEARS[1]


def said_at(work: UnitOfWork, at: datetime | None) -> datetime:
    """The moment, or now. Raises Invalid for one ahead, or before there were such registers."""
    if at is None:
        return work.now
    if not is_plausible(at) or at > work.now + _SPARE:
        raise Invalid(fields={"at": "A moment that has passed is wanted."})
    return at
