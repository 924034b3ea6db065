"""What is wrong with archives, drills and escrow, and since when; told once a day until mended."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from sqlalchemy import delete, select

from privacy.backups.drills import last_passed, list_drills
from privacy.backups.errors import StoreAbroad
from privacy.backups.models import AlertRow, ArchiveRow, ArchiveState, DrillState
from privacy.backups.regions import check_region
from privacy.backups.register import list_archives, newest_whole
from privacy.backups.wal.defects import SERVERS, Defect
from privacy.backups.wal.look import look_at_log
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import SiltaError
from privacy.core.outbox.jobs import just_asked
from privacy.core.outbox.names import JobName
from privacy.core.settings import Settings
from privacy.ledger.events import Event
from privacy.ledger.record import record

LATE: Final = timedelta(hours=2)
"""What an archive may be late before somebody is told."""
SLACK: Final = timedelta(days=1)
TELL_AGAIN: Final = timedelta(days=1)


class Alert(StrEnum):
    """Each thing that an operator has to mend."""

    ARCHIVE_OVERDUE = "archive_overdue"
    ARCHIVE_FAILED = "archive_failed"
    ARCHIVE_MISSING = "archive_missing"
    ARCHIVE_KEPT = "archive_kept"
    DRILL_OVERDUE = "drill_overdue"
    DRILL_FAILED = "drill_failed"
    ESCROW_LOST = "escrow_lost"
    STORE_ABROAD = "store_abroad"
    WAL_LATE = "wal_late"
    WAL_REPOSITORY = "wal_repository"


WORDS: Final[Mapping[Alert, str]] = MappingProxyType(
    {
        Alert.ARCHIVE_OVERDUE: "No archive was made in time. Is a worker running?",
        Alert.ARCHIVE_FAILED: "The last archive failed. Older ones are untouched.",
        Alert.ARCHIVE_MISSING: "An archive that was whole is not in the store any more.",
        Alert.ARCHIVE_KEPT: "An archive whose time is over is still in the store. Delete it with a "
        "key that may: `silta backup sweep`.",
        Alert.DRILL_OVERDUE: "No drill has passed in time. Run `silta drill` where its key is.",
        Alert.DRILL_FAILED: "The last drill failed: the newest archive may not be of any use.",
        Alert.ESCROW_LOST: "Escrow does not give the key ring back. Restore its stores, or run "
        "`silta keys escrow`, before anything else is lost.",
        Alert.STORE_ABROAD: "The archives' store is not where a profile says. None is made.",
        Alert.WAL_LATE: "The database's log is not archived as it should be: what was committed "
        "since is on one disk only. `silta backup wal check` says why.",
        Alert.WAL_REPOSITORY: "The repository of the database's log could not be restored from, or "
        "keeps too much. `silta backup wal check` says why.",
    }
)


@dataclass(frozen=True, slots=True)
class Told:
    """`fresh`: what to tell now; `standing`: everything that is wrong."""

    fresh: list[Alert]
    standing: list[Alert]


def find_alerts(
    work: UnitOfWork,
    settings: Settings,
    *,
    services: Collection[str],
    escrow: Callable[[], object],
) -> list[Alert]:
    """What is wrong now.

    Args:
        work: bound to the installation.
        services: keys of the services in use.
        escrow: raises when escrow does not give the ring back.
    """
    found = [Alert.ESCROW_LOST] if _raises(escrow, SiltaError, OSError) else []
    found += _of_log(work, settings, services)
    if settings.backup_store is None:
        return found
    if _raises(lambda: check_region(settings, services=services), StoreAbroad):
        found.append(Alert.STORE_ABROAD)
    return [*found, *_of_archives(work, settings), *_of_drills(work, settings)]


def note_alerts(work: UnitOfWork, found: Collection[Alert]) -> Told:
    """Remember what is wrong, forget what is mended, and say what to tell."""
    known = {row.code: row for row in work.session.scalars(select(AlertRow))}
    for code in set(known) - {alert.value for alert in found}:
        work.session.delete(known[code])
    fresh = []
    for alert in found:
        row = known.get(alert.value)
        if row is None:
            row = AlertRow(code=alert.value, since=work.now, told_at=work.now)
            work.session.add(row)
            fresh.append(alert)
        elif work.now - row.told_at >= TELL_AGAIN:
            row.told_at = work.now
            fresh.append(alert)
    if Alert.ESCROW_LOST in fresh:
        record(work, Event.ESCROW_LOST)
    return Told(fresh, list(found))


def standing_alerts(work: UnitOfWork) -> list[tuple[Alert, datetime]]:
    """What was wrong when it was last looked, the oldest first."""
    rows = work.session.scalars(select(AlertRow).order_by(AlertRow.since))
    return [(Alert(row.code), row.since) for row in rows if row.code in set(Alert)]


def forget_alerts(work: UnitOfWork, *mended: Alert) -> None:
    """What was just mended is not wrong until the next look."""
    codes = [alert.value for alert in mended]
    work.session.execute(delete(AlertRow).where(AlertRow.code.in_(codes)))


def archive_is_late(work: UnitOfWork, settings: Settings, rows: Sequence[ArchiveRow]) -> bool:
    """Whether an archive should be there and is neither there nor on its way."""
    newest = newest_whole(work)
    since = newest.snapshot_at if newest and newest.snapshot_at else _first(rows)
    if since is None or work.now - since <= timedelta(hours=settings.backup_hours) + LATE:
        return False
    running = (row.state == ArchiveState.RUNNING.value for row in rows if _young(row, work.now))
    return not (any(running) or just_asked(work, JobName.BACKUP_RUN))


def _young(row: ArchiveRow, now: datetime) -> bool:
    return now - row.began_at < LATE


def _of_log(work: UnitOfWork, settings: Settings, services: Collection[str]) -> list[Alert]:
    """Only where an operator archives it."""
    if settings.wal_store is None:
        return []
    defects = set(look_at_log(work.connection, settings, services=services).defects)
    found = [Alert.WAL_LATE] if defects & SERVERS else []
    return [*found, Alert.WAL_REPOSITORY] if defects - SERVERS - {Defect.FAILING} else found


def _of_archives(work: UnitOfWork, settings: Settings) -> list[Alert]:
    rows, found = list_archives(work, limit=500), list[Alert]()
    if archive_is_late(work, settings, rows):
        found.append(Alert.ARCHIVE_OVERDUE)
    over = [row for row in rows if row.state != ArchiveState.RUNNING.value]
    if over and over[0].state == ArchiveState.FAILED.value:
        found.append(Alert.ARCHIVE_FAILED)
    if any(row.state == ArchiveState.MISSING.value for row in rows):
        found.append(Alert.ARCHIVE_MISSING)
    whole = [row for row in rows if row.state == ArchiveState.WHOLE.value]
    if any(row.keep_until and work.now - row.keep_until > SLACK for row in whole[1:]):
        found.append(Alert.ARCHIVE_KEPT)
    return found


def _of_drills(work: UnitOfWork, settings: Settings) -> list[Alert]:
    found, rows = list[Alert](), list_drills(work, limit=5)
    since = last_passed(work) or _first(list_archives(work, limit=500))
    if since is not None and work.now - since > timedelta(days=settings.drill_days) + SLACK:
        found.append(Alert.DRILL_OVERDUE)
    over = [row for row in rows if row.state != DrillState.RUNNING.value]
    if over and over[0].state == DrillState.FAILED.value:
        found.append(Alert.DRILL_FAILED)
    return found


def _first(rows: Sequence[ArchiveRow]) -> datetime | None:
    """When anything was first tried."""
    return rows[-1].began_at if rows else None


def _raises(look: Callable[[], object], *kinds: type[Exception]) -> bool:
    try:
        look()
    except kinds:
        return True
    return False
