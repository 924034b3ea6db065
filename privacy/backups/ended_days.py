"""When a day's data ended everywhere: first unreadable in every copy, then gone from the last one.

Unreadable: its key was destroyed, and so was the epoch that wrapped it, wherever old copies of
the key ring lie. Gone: the last archive that could hold its sealed rows is deleted.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import select

from privacy.backups.models import ArchiveRow, ArchiveState
from privacy.core.db.work import UnitOfWork
from privacy.vault.models import KeyDestruction, KeyEpoch

SWEPT: Final = timedelta(days=1)
"""Rows go at the latest in the night after their key; an archive of that day may hold them."""
_STATES: Final = (ArchiveState.WHOLE.value, ArchiveState.GONE.value)


@dataclass(frozen=True, slots=True)
class EndedDay:
    """One day of one kind of data.

    `unreadable_at` is None until the next epoch; `gone_at` is None where no archive ever held
    it; `gone` says whether that moment has passed.
    """

    day: date
    service: str
    data: str
    destroyed_at: datetime
    unreadable_at: datetime | None
    gone_at: datetime | None
    gone: bool


def list_ended_days(
    work: UnitOfWork, *, limit: int, log_kept: timedelta | None = None
) -> list[EndedDay]:
    """The bound tenant's, the newest first.

    Args:
        log_kept: how long the database's log is kept at most, where it is archived: it holds
            what archives hold, and longer than the last of them by hours.
    """
    destroyed = work.session.scalars(
        select(KeyDestruction)
        .where(KeyDestruction.tenant_id == work.tenant_id, KeyDestruction.kind == "day")
        .order_by(KeyDestruction.day.desc(), KeyDestruction.service, KeyDestruction.data)
        .limit(limit)
    ).all()
    ended = select(KeyEpoch.ended_at).where(KeyEpoch.ended_at.is_not(None))
    epochs = [at for at in work.session.scalars(ended.order_by(KeyEpoch.ended_at)) if at]
    archives = list(
        work.session.scalars(
            select(ArchiveRow).where(
                ArchiveRow.state.in_(_STATES), ArchiveRow.snapshot_at.is_not(None)
            )
        )
    )
    days = [_of(row, epochs, archives) for row in destroyed if row.day is not None]
    return [_with_log(one, log_kept, work.now) for one in days] if log_kept else days


def _with_log(one: EndedDay, kept: timedelta, now: datetime) -> EndedDay:
    last = one.destroyed_at + SWEPT + kept
    gone_at = max(one.gone_at or last, last)
    return replace(one, gone_at=gone_at, gone=one.gone and now >= last)


def _of(
    row: KeyDestruction, epochs: Sequence[datetime], archives: Sequence[ArchiveRow]
) -> EndedDay:
    assert row.day is not None  # noqa: S101 - the caller looked
    until = row.destroyed_at + SWEPT
    holding = [
        one
        for one in archives
        if one.snapshot_at is not None
        and row.day <= one.snapshot_at.date()
        and one.snapshot_at < until
    ]
    ends = [one.gone_at or one.keep_until for one in holding]
    return EndedDay(
        row.day,
        row.service,
        row.data,
        row.destroyed_at,
        next((at for at in epochs if at >= row.destroyed_at), None),
        max((at for at in ends if at is not None), default=None),
        all(one.gone_at is not None for one in holding),
    )
