"""The archive job: make one when it is due, then tidy up. May be killed anywhere."""

import uuid
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import Engine, text

from privacy.backups.alerts import Alert, forget_alerts
from privacy.backups.archive import OnPart, Source, make_archive
from privacy.backups.depots import Depot
from privacy.backups.errors import ArchiveRunning
from privacy.backups.escrowed import keep_signing_key, remember_newest
from privacy.backups.parts import PART_BYTES
from privacy.backups.regions import check_region
from privacy.backups.register import (
    begin_archive,
    end_archive,
    fail_archive,
    note_gone,
    reconcile,
)
from privacy.backups.shelves import Shelf, Shelved
from privacy.backups.tidy import delete_archives, expired, sweep_orphans
from privacy.core import clock
from privacy.core.db.locks import AdvisoryLock
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.db.work import SYSTEM, UnitOfWork, unit_of_work
from privacy.core.errors import SiltaError
from privacy.core.ids import new_id
from privacy.core.settings import Settings
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.ledger.signing import Signer
from privacy.vault.custody import Custody

_EARLY: Final = timedelta(minutes=10)
"""The job comes each hour; one that is due within this is made now, not an hour late."""
_LOCK = text("SELECT pg_try_advisory_lock(:lock)")
_UNLOCK = text("SELECT pg_advisory_unlock(:lock)")


@dataclass(frozen=True)
class Yard:
    """What a run is given."""

    settings: Settings
    source: Source
    depot: Depot
    signer: Signer
    custody: Custody
    services: Collection[str]
    """Keys of the services that tenants use: their profiles say where archives may be."""


def run_backup(
    yard: Yard,
    *,
    force: bool = False,
    part_bytes: int = PART_BYTES,
    on_part: OnPart = lambda _part: None,
) -> Shelved | None:
    """Make an archive if one is due (or `force`), delete what is over, note what there is.

    Returns:
        The new archive, or None when none was due.

    Raises:
        ArchiveRunning: another run is at work.
        StoreAbroad, StoreFailed, ArchiveFailed …: no archive was made; old ones are untouched.
    """
    check_region(yard.settings, services=yard.services)
    keep_signing_key(yard.custody.escrow.bundles, yard.settings.keys_folder)
    with _alone(yard.source.backup):
        shelf = yard.depot.shelf()
        _note(yard, lambda work: reconcile(work, shelf, keep=yard.depot.keep, running=False))
        sweep_orphans(yard.depot.store, shelf)
        made = None
        if force or _due(yard.depot, shelf):
            made = _make(yard, shelf, part_bytes, on_part)
            shelf.archives.append(made)
        _tidy(yard, shelf)
    return made


def _due(depot: Depot, shelf: Shelf) -> bool:
    newest = shelf.newest
    return newest is None or clock.now() - newest.manifest.snapshot_at >= depot.every - _EARLY


def _make(yard: Yard, shelf: Shelf, part_bytes: int, on_part: OnPart) -> Shelved:
    archive_id = new_id()
    _note(yard, lambda work: begin_archive(work, archive_id))
    try:
        made = make_archive(
            yard.source,
            yard.depot,
            yard.signer,
            archive_id=archive_id,
            shelf=shelf,
            part_bytes=part_bytes,
            on_part=on_part,
        )
        remember_newest(yard.custody.escrow.bundles, made)
    except Exception as error:
        code = error.code if isinstance(error, SiltaError) else type(error).__name__
        _note(yard, lambda work: _failed(work, archive_id, code))
        raise
    _note(yard, lambda work: _made(work, made, yard.depot.keep))
    return made


def _failed(work: UnitOfWork, archive_id: uuid.UUID, code: str) -> None:
    fail_archive(work, archive_id, code=code)
    record(work, Event.ARCHIVE_FAILED, subject=archive_id, facts={"code": code})


def _made(work: UnitOfWork, made: Shelved, keep: timedelta) -> None:
    end_archive(work, made, keep=keep)
    forget_alerts(work, Alert.ARCHIVE_OVERDUE, Alert.ARCHIVE_FAILED)
    facts = {"number": made.manifest.number, "rows": made.manifest.rows}
    record(work, Event.ARCHIVE_MADE, subject=made.manifest.archive_id, facts=facts)


def _tidy(yard: Yard, shelf: Shelf) -> None:
    old = expired(shelf, now=clock.now(), keep=yard.depot.keep)
    gone = delete_archives(yard.depot.store, old)
    if gone:
        _note(yard, lambda work: _gone(work, gone))


def _gone(work: UnitOfWork, gone: list[uuid.UUID]) -> None:
    note_gone(work, gone)
    for archive_id in gone:
        record(work, Event.ARCHIVE_DELETED, subject=archive_id)


def _note(yard: Yard, say: Callable[[UnitOfWork], None]) -> None:
    with unit_of_work(yard.source.app, tenant_id=INSTALLATION_ID, actor=SYSTEM) as work:
        say(work)


@contextmanager
def _alone(engine: Engine) -> Iterator[None]:
    """A lock of the connection, so that it ends with a killed run."""
    lock = {"lock": int(AdvisoryLock.ARCHIVE)}
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not connection.execute(_LOCK, lock).scalar_one():
            raise ArchiveRunning
        try:
            yield
        finally:
            connection.execute(_UNLOCK, lock)
