"""Delete the rows of days that are over for a tenant: space only, for their keys went before."""

from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy import delete

from connector.calls.keeping import KIND, SERVICE, kept_days
from connector.calls.models import Call, CallSource
from privacy.core.db.work import UnitOfWork
from privacy.profiles import profile

_SPARE = 7
"""Days looked at beyond the profile's number, for partitions that went late."""


def ended_days(work: UnitOfWork) -> Iterator[date]:
    """Days that are over for the bound tenant and can still have rows, the newest first."""
    kept = kept_days(work)
    longest = profile(SERVICE).retention_days(KIND) + _SPARE
    for age in range(kept.keep, longest + 1):
        yield kept.today - timedelta(days=age)


def delete_ended(work: UnitOfWork, *, day: date) -> int:
    """Delete the bound tenant's calls and sources of one day that is over; how many rows went.

    A day that is still kept loses nothing, whoever asks.
    """
    if kept_days(work).covers(day):
        return 0
    gone = 0
    for table in (CallSource, Call):
        rows = delete(table).where(table.tenant_id == work.tenant_id, table.day == day)
        gone += work.connection.execute(rows).rowcount
    return gone
