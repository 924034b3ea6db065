"""Restore an archive into an empty database: everything is verified before anything is written."""

import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import Engine, text

from privacy.backups.depots import Depot
from privacy.backups.fetches import check_schema, choose, fetched
from privacy.backups.manifests import Manifest
from privacy.backups.pour import check_empty, compare, pour
from privacy.backups.seals import Identities
from privacy.vault.custody import Custody
from privacy.vault.restores import check_escrow

OnStep = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Target:
    """An empty database.

    Args:
        owner: its owner's engine; `url` is its URL, for pg_restore.
        roles: whether the service's roles get their rights there.
        folder: where there is room for the ciphertext; default: the temporary folder.
    """

    owner: Engine
    url: SecretStr
    roles: bool = True
    folder: Path | None = None


def restore_archive(
    target: Target,
    depot: Depot,
    custody: Custody,
    identities: Identities,
    *,
    revisions: Collection[str],
    archive_id: uuid.UUID | None = None,
    on_step: OnStep = lambda _step: None,
) -> Manifest:
    """Restore `archive_id`, or the newest, as far as the archive goes; see `finish`.

    Args:
        revisions: schemas that this version knows.

    Raises:
        ArchiveRefused: damaged, cut, another installation's, stale, of a newer schema, or no key
            opens it. Nothing was written.
        KeyCheckFailed, EscrowFailed: escrow cannot give the key ring. Nothing was written.
        RestoreFailed: the database is not empty, or refused; or what came is not what the
            manifest says: then it stays closed.
    """
    check_empty(target.owner)
    check_escrow(custody)
    manifest = choose(depot, custody.escrow.bundles, archive_id)
    check_schema(manifest, revisions)
    on_step("manifest and escrow are good")
    with fetched(depot, manifest, identities, folder=target.folder) as ciphertext:
        on_step("the archive is whole")
        pour(ciphertext, identities, url=target.url, programs=depot.programs, roles=target.roles)
    on_step("rows are back")
    compare(target.owner, manifest)
    _analyse(target.owner)
    on_step("counts and digests agree")
    return manifest


def _analyse(owner: Engine) -> None:
    """Without statistics the first queries would be slow ones."""
    with owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
