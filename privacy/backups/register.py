"""What this database remembers of archives, kept in step with what the store has."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select

from privacy.backups.manifests import Manifest
from privacy.backups.models import ArchiveRow, ArchiveState
from privacy.backups.shelves import Shelf, Shelved
from privacy.core.db.work import UnitOfWork

KILLED = "killed"


def begin_archive(work: UnitOfWork, archive_id: uuid.UUID) -> None:
    """Note that an archive is being made."""
    state = ArchiveState.RUNNING.value
    work.session.add(ArchiveRow(id=archive_id, state=state, began_at=work.now))


def end_archive(work: UnitOfWork, made: Shelved, *, keep: timedelta) -> None:
    """Note that it is whole."""
    _fill(_row(work, made.manifest), made, keep)


def fail_archive(work: UnitOfWork, archive_id: uuid.UUID, *, code: str) -> None:
    """Note that it came to nothing."""
    row = work.session.get_one(ArchiveRow, archive_id)
    row.state, row.failure_code, row.ended_at = ArchiveState.FAILED.value, code, work.now


def reconcile(work: UnitOfWork, shelf: Shelf, *, keep: timedelta, running: bool) -> None:
    """Bring the rows into line with the store.

    Args:
        running: whether a run may be at work; if not, a row that says so was killed.
    """
    whole = {one.manifest.archive_id: one for one in shelf.archives}
    for row in work.session.scalars(select(ArchiveRow)):
        if row.id in whole or row.state in (ArchiveState.FAILED.value, ArchiveState.GONE.value):
            continue
        if row.state == ArchiveState.WHOLE.value:
            row.state = ArchiveState.MISSING.value
        elif row.state == ArchiveState.RUNNING.value and not running:
            row.state, row.failure_code = ArchiveState.FAILED.value, KILLED
            row.ended_at = work.now
    for one in whole.values():
        _fill(_row(work, one.manifest), one, keep)


def note_gone(work: UnitOfWork, archive_ids: Iterable[uuid.UUID]) -> None:
    """Note that archives were deleted, and that the store has them no more."""
    for archive_id in archive_ids:
        row = work.session.get(ArchiveRow, archive_id)
        if row is not None:
            row.state, row.gone_at = ArchiveState.GONE.value, work.now


def list_archives(work: UnitOfWork, *, limit: int) -> list[ArchiveRow]:
    """Newest first."""
    query = select(ArchiveRow).order_by(ArchiveRow.began_at.desc(), ArchiveRow.id.desc())
    return list(work.session.scalars(query.limit(limit)))


def newest_whole(work: UnitOfWork) -> ArchiveRow | None:
    """The whole archive with the newest snapshot."""
    return work.session.scalars(
        select(ArchiveRow)
        .where(ArchiveRow.state == ArchiveState.WHOLE.value)
        .order_by(ArchiveRow.snapshot_at.desc())
        .limit(1)
    ).one_or_none()


def expiry(snapshot_at: datetime, keep: timedelta) -> datetime:
    """When the time of an archive is over."""
    return snapshot_at + keep


def _row(work: UnitOfWork, manifest: Manifest) -> ArchiveRow:
    row = work.session.get(ArchiveRow, manifest.archive_id)
    if row is None:
        row = ArchiveRow(id=manifest.archive_id, began_at=manifest.began_at, state="")
        work.session.add(row)
    return row


def _fill(row: ArchiveRow, one: Shelved, keep: timedelta) -> None:
    made = one.manifest
    row.state, row.failure_code = ArchiveState.WHOLE.value, None
    row.number, row.revision, row.digest = made.number, made.revision, made.digest
    row.snapshot_at, row.ended_at = made.snapshot_at, made.ended_at
    row.size, row.parts, row.row_count = made.size, len(made.parts), made.rows
    row.keep_until = expiry(made.snapshot_at, keep)
