"""How long calls are kept, and the keys of their days."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from privacy.core.db.work import UnitOfWork
from privacy.profiles import profile
from privacy.profiles.retention import effective_retention
from privacy.retention.rules import CALLS
from privacy.vault.keyring import Keyring
from privacy.vault.keys import DayKey, end_of
from tenants.tenants.keeping import chosen_call_days

SERVICE: Final = CALLS.service
KIND: Final = CALLS.data


@dataclass(frozen=True, slots=True)
class KeptDays:
    """The days whose calls are still kept: the last `keep` ones, today's included."""

    today: date
    keep: int

    @property
    def oldest(self) -> date:
        """The first day that is kept."""
        return self.today - timedelta(days=self.keep - 1)

    def covers(self, day: date) -> bool:
        """Whether a call of this day is kept; calls may start a day ahead."""
        return day >= self.oldest

    def ends(self, day: date) -> datetime:
        """When a day's calls are destroyed: as its last kept day ends."""
        return end_of(day, self.keep).astimezone(UTC)


def kept_days(work: UnitOfWork) -> KeptDays:
    """The bound tenant's kept days: the profile's number, or fewer where the tenant chose so.

    A day counts with its own: kept for 30 days, a call of the 1st is gone when the 30th ends.
    """
    keep = effective_retention(profile(SERVICE).retention_days(KIND), chosen_call_days(work))
    return KeptDays(work.today, keep)


def call_key(work: UnitOfWork, vault: Keyring, day: date) -> DayKey:
    """The key of one day of the bound tenant's calls; made when there is none yet.

    Raises:
        DayEnded: the day is over, or was destroyed.
    """
    return vault.day_key(work, service=SERVICE, data=KIND, day=day)


def call_keys(
    work: UnitOfWork, vault: Keyring, kept: KeptDays, *, first: date, last: date
) -> dict[date, DayKey]:
    """The living keys of the kept days from `first` to `last`, for reading."""
    first = max(first, kept.oldest)
    last = min(last, kept.today + timedelta(days=2))
    if first > last:
        return {}
    return vault.day_keys(work, service=SERVICE, data=KIND, first=first, last=last)
