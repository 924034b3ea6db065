"""Until when who must know (GDPR Art. 33 and 34; promise F6)."""

from datetime import datetime, timedelta
from typing import Final

from privacy.breaches.models import Breach
from privacy.breaches.shapes import Clock, Risk
from privacy.profiles import Profile

AT_ONCE: Final = timedelta(hours=1)
"""A processor tells its controller without undue delay (Art. 33(2)): the mail is written with the
record, and an hour later it is late."""
HIGH_RISK: Final = timedelta(hours=72)
"""Art. 34(1) says without undue delay: where a profile gives no hours, as fast as the authority."""


def authority_due(declared: Profile, discovered: datetime) -> datetime:
    """When the authority must know at the latest."""
    return discovered + timedelta(hours=declared.breaches.authority_hours)


def users_due(declared: Profile, discovered: datetime, risk: Risk) -> datetime | None:
    """When the people must know: by the profile's hours, or because the risk is high."""
    hours = declared.breaches.users_hours
    if hours is not None:
        return discovered + timedelta(hours=hours)
    return discovered + HIGH_RISK if risk is Risk.HIGH else None


def clocks_of(row: Breach) -> list[Clock]:
    """The time limits of a loss. Without a risk the authority's is none: its reasons are noted."""
    clocks = []
    if row.tenants:
        due = row.recorded_at + AT_ONCE
        clocks.append(Clock("controllers", row.recorded_at, due, row.controllers_told_at))
    if row.role == "controller" and row.risk != Risk.NONE:
        told = row.authority_told_at
        clocks.append(Clock("authority", row.discovered_at, row.authority_due_at, told))
    if row.users_due_at is not None:
        clocks.append(Clock("users", row.discovered_at, row.users_due_at, row.users_told_at))
    return clocks
