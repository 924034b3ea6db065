"""Make one archive: dump, compress, encrypt, put in parts; the signed manifest comes last."""

import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import zstandard
from pydantic import SecretStr
from sqlalchemy import Connection, Engine, text

from privacy.backups.depots import Depot
from privacy.backups.dumps import dumping
from privacy.backups.errors import ArchiveFailed
from privacy.backups.manifests import Manifest, Tally, prefix_of, write_manifest
from privacy.backups.parts import PART_BYTES, Part, PartWriter
from privacy.backups.seals import seal_stream
from privacy.backups.shelves import Shelf, Shelved
from privacy.backups.tallies import check_coverage, check_nothing_hidden, take_tallies
from privacy.core import clock
from privacy.ledger.signing import Signer

_LEVEL: Final = 3
_SNAPSHOT = text(
    "SELECT pg_export_snapshot() AS name, pg_current_wal_lsn()::text AS lsn, "
    "current_setting('server_version_num')::int AS server, "
    "(SELECT version_num FROM alembic_version) AS revision"
)
OnPart = Callable[[Part], None]


@dataclass(frozen=True, slots=True)
class Source:
    """The database that is archived.

    Args:
        backup: engine of the role silta_backup; `url` is its URL, for pg_dump.
        app: engine of the role silta_app, which looks whether anything stayed hidden.
        tenants: every tenant, the installation's own too.
    """

    backup: Engine
    app: Engine
    url: SecretStr
    tenants: Sequence[uuid.UUID]


@dataclass(frozen=True, slots=True)
class _Snapshot:
    name: str
    lsn: str
    server: int
    revision: str
    at: datetime


@dataclass(frozen=True, slots=True)
class _Dumped:
    """What is at the depot, and what the snapshot held of which it was made."""

    snapshot: _Snapshot
    tables: dict[str, Tally]
    parts: list[Part]
    digest: bytes


def make_archive(
    source: Source,
    depot: Depot,
    signer: Signer,
    *,
    archive_id: uuid.UUID,
    shelf: Shelf,
    part_bytes: int = PART_BYTES,
    on_part: OnPart = lambda _part: None,
) -> Shelved:
    """Archive `source` as `archive_id`. Killed anywhere, it leaves parts and no archive.

    Raises:
        RowsUnseen: the backup role does not see everything; nothing was put.
        DumpFailed, StoreFailed: parts were put, and there is no manifest.
    """
    began, newest = clock.now(), shelf.newest
    writer = PartWriter(depot.store, prefix_of(archive_id), part_bytes=part_bytes, on_part=on_part)
    dumped = _dump(source, depot, writer)
    manifest = Manifest(
        archive_id=archive_id,
        number=newest.manifest.number + 1 if newest else 1,
        previous=newest.digest if newest else None,
        origin=signer.identity.origin,
        revision=dumped.snapshot.revision,
        server=dumped.snapshot.server,
        began_at=began,
        snapshot_at=dumped.snapshot.at,
        ended_at=clock.now(),
        lsn=dumped.snapshot.lsn,
        recipients=depot.recipient_names,
        parts=dumped.parts,
        size=sum(part.size for part in dumped.parts),
        digest=dumped.digest,
        tables=dumped.tables,
    )
    if not manifest.rows:
        raise ArchiveFailed
    return Shelved(manifest, write_manifest(depot.store, manifest, signer))


def _dump(source: Source, depot: Depot, writer: PartWriter) -> _Dumped:
    recipients = depot.recipients
    with source.backup.connect().execution_options(isolation_level="REPEATABLE READ") as held:
        check_coverage(held)
        snapshot = _take_snapshot(held)
        with (
            ThreadPoolExecutor(1, thread_name_prefix="tallies") as pool,
            dumping(source.url, snapshot.name, programs=depot.programs) as dump,
        ):
            # Counted beside the dump, by the connection that holds its snapshot.
            counting = pool.submit(_count, source, held, snapshot)
            compressed = zstandard.ZstdCompressor(level=_LEVEL).stream_reader(dump)
            seal_stream(compressed, writer, recipients)
            tables = counting.result()
    return _Dumped(snapshot, tables, *writer.finish())


def _take_snapshot(connection: Connection) -> _Snapshot:
    row = connection.execute(_SNAPSHOT).one()
    moment = clock.database_now(connection)
    return _Snapshot(row.name, row.lsn, row.server, row.revision, moment)


def _count(source: Source, held: Connection, snapshot: _Snapshot) -> dict[str, Tally]:
    tallies = take_tallies(held)
    check_nothing_hidden(source.app, tallies, snapshot=snapshot.name, tenants=source.tenants)
    return tallies
