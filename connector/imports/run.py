"""Import a file: batches of rows, each committed together with how far the file has been read."""

import os
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from sqlalchemy import Engine, select
from sqlalchemy.dialects.postgresql import insert

from connector.accounts.find import find_account
from connector.accounts.received import note_received
from connector.accounts.refs import AccountRef, ref_of
from connector.calls.ingest import ingest_calls
from connector.calls.outcomes import IngestOutcome
from connector.imports.models import CallImport
from connector.imports.read import FileBatch, file_mapping, opening_of, read_batches
from connector.providers.choices import settings_of
from privacy.core.db.work import Actor, UnitOfWork, unit_of_work
from privacy.core.errors import Conflict
from privacy.vault.keyring import Keyring
from privacy.vault.labels import Index


@dataclass(frozen=True, slots=True)
class Imported:
    """Totals of a file over all runs; `resumed_at` is the byte from which this run went on."""

    accepted: int = 0
    duplicates: int = 0
    expired: int = 0
    rejected: int = 0
    resumed_at: int = 0


OnProgress = Callable[[int], None]


def import_file(
    engine: Engine,
    *,
    vault: Keyring,
    tenant_id: uuid.UUID,
    actor: Actor,
    account_id: uuid.UUID,
    stream: BinaryIO,
    on_progress: OnProgress = lambda _bytes: None,
) -> Imported:
    """Read `stream` (seekable) from where an earlier import of it stopped.

    A file is known by its first row, so a Master.csv that has grown is read from its old end
    on. Killed anywhere, the next run goes on with the batch that was not committed.

    Args:
        on_progress: told the number of bytes that were read since the last call.

    Raises:
        NotFound: no such account. Invalid: it is of a kind that writes no files.
        Conflict: the account is paused.
    """
    with unit_of_work(engine, tenant_id=tenant_id, actor=actor) as work:
        account = ref_of(find_account(work, account_id))
        mapping, settings = file_mapping(account.kind), settings_of(account)
        digest = _digest(work, vault, opening_of(mapping, settings, stream))
        before = _progress(work, account_id, digest)
    if not account.receiving:
        raise Conflict("This account is paused. Resume it in the console first.")
    position = start = before.position if before else 0
    on_progress(start)
    for batch in read_batches(mapping, settings, stream, offset=start):
        with unit_of_work(engine, tenant_id=tenant_id, actor=actor) as work:
            _take(work, vault, account, digest, batch)
        on_progress(batch.end - position)
        position = batch.end
    with unit_of_work(engine, tenant_id=tenant_id, actor=actor) as work:
        return _totals(_progress(work, account_id, digest), start)


def file_size(stream: BinaryIO) -> int:
    """Bytes of a seekable stream."""
    return os.fstat(stream.fileno()).st_size


def _digest(work: UnitOfWork, vault: Keyring, opening: bytes) -> bytes:
    return vault.tenant_index(work, Index.CONTENT).digest(opening)


def _take(
    work: UnitOfWork, vault: Keyring, account: AccountRef, digest: bytes, batch: FileBatch
) -> None:
    outcome = ingest_calls(
        work, vault=vault, account=account, calls=batch.calls, sources=batch.sources
    )
    if batch.calls:
        note_received(work, account, proven=outcome.proven)
    _advance(work, account.id, digest, batch, outcome)


def _advance(
    work: UnitOfWork, account_id: uuid.UUID, digest: bytes, batch: FileBatch, took: IngestOutcome
) -> None:
    row = insert(CallImport).values(
        tenant_id=work.tenant_id,
        account_id=account_id,
        file_digest=digest,
        position=batch.end,
        accepted=took.accepted,
        duplicates=took.duplicates,
        expired=took.expired,
        rejected=len(took.rejections) + len(batch.rejections),
        updated_at=work.now,
    )
    new, old = row.excluded, CallImport
    changed = {
        "position": new.position,
        "accepted": old.accepted + new.accepted,
        "duplicates": old.duplicates + new.duplicates,
        "expired": old.expired + new.expired,
        "rejected": old.rejected + new.rejected,
        "updated_at": new.updated_at,
    }
    keys = ["tenant_id", "account_id", "file_digest"]
    work.connection.execute(row.on_conflict_do_update(index_elements=keys, set_=changed))


def _progress(work: UnitOfWork, account_id: uuid.UUID, digest: bytes) -> CallImport | None:
    found: CallImport | None = work.session.scalar(
        select(CallImport).where(
            CallImport.account_id == account_id, CallImport.file_digest == digest
        )
    )
    return found


def _totals(row: CallImport | None, start: int) -> Imported:
    if row is None:
        return Imported(resumed_at=start)
    return Imported(row.accepted, row.duplicates, row.expired, row.rejected, start)
