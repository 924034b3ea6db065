"""Look at everything that this process can see of the log's archiving."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from privacy.backups.errors import StoreFailed
from privacy.backups.wal.archivers import Archiver, read_archiver
from privacy.backups.wal.checks import of_archiver, of_config, of_places, of_repository, remarks_on
from privacy.backups.wal.configs import read_config
from privacy.backups.wal.defects import Defect, Remark
from privacy.backups.wal.repositories import Repository, look_into, open_repository
from privacy.core import clock
from privacy.core.settings import Settings


@dataclass(frozen=True, slots=True)
class Looked:
    """`repository` is None where it could not be looked into."""

    archiver: Archiver
    repository: Repository | None
    defects: tuple[Defect, ...]
    remarks: tuple[Remark, ...]


def look_at_log(
    connection: Connection,
    settings: Settings,
    *,
    services: Collection[str],
    data: Path | None = None,
    config: Path | None = None,
) -> Looked:
    """What there is, and what is wrong with it.

    Args:
        data: the server's data directory, where this is its host.
        config: a pgbackrest.conf to look into.

    Raises:
        Misconfigured: the settings cannot be used, or `config` cannot be read.
    """
    archiver, repository = read_archiver(connection), _repository(settings)
    # Backups are named by the real time, which no development clock shifts.
    now = clock.database_now(connection) - clock.offset()
    defects = [
        *of_archiver(archiver, stanza=settings.wal_stanza),
        *([Defect.UNSEEN] if repository is None else []),
        *(of_repository(repository, settings, now=now) if repository else []),
        *of_places(settings, services=services, data=data),
        *(of_config(read_config(config), settings) if config else []),
    ]
    return Looked(archiver, repository, tuple(defects), tuple(remarks_on(settings, data=data)))


def _repository(settings: Settings) -> Repository | None:
    try:
        return look_into(open_repository(settings), settings.wal_stanza)
    except StoreFailed:
        return None
