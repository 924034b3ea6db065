"""Bring an archive here and find out that it is whole and ours, before anything is read from it."""

import os
import tempfile
import uuid
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from privacy.backups.depots import Depot
from privacy.backups.errors import ArchiveStale, ManifestRefused, NoScratch, SchemaNewer
from privacy.backups.escrowed import newest_known
from privacy.backups.manifests import Manifest, read_manifest
from privacy.backups.parts import fetch_parts
from privacy.backups.seals import Identities, check_identities
from privacy.vault.stores import EscrowStore

_HEAD: Final = 65_536


def choose(depot: Depot, bundles: EscrowStore, archive_id: uuid.UUID | None) -> Manifest:
    """The manifest of `archive_id`, or of the newest archive.

    Raises:
        ManifestRefused: there is none, or it is damaged or another installation's.
        ArchiveStale: escrow knows of a newer one, of none, or only of older ones; one has to be
            named.
    """
    if archive_id is not None:
        return read_manifest(depot.store, archive_id, depot.identity)[0]
    shelf, known = depot.shelf(), newest_known(bundles)
    if known is not None and (shelf.newest is None or shelf.newest.manifest.number < known.number):
        if known.archive_id in shelf.refused:
            raise ManifestRefused(
                f"{shelf.refused[known.archive_id]} It is the newest, {known.archive_id}. "
                "Name an older archive to restore that."
            )
        raise ArchiveStale(
            f"Archive {known.archive_id} is the newest, and the store does not have it. Name an "
            "older archive to restore that."
        )
    if shelf.newest is None:
        raise ManifestRefused(next(iter(shelf.refused.values()), "The store holds no archive."))
    if known is None:
        raise ArchiveStale(
            "Escrow does not say which archive is the newest, so an old one could pass for it. "
            f"Look, then name the one to restore; the store's newest is "
            f"{shelf.newest.manifest.archive_id}."
        )
    if shelf.newest.manifest.number > known.number:
        raise ArchiveStale(
            f"Escrow says that {known.archive_id} is the newest archive, and the store has a newer "
            "one: this escrow is an older copy, or the run that made the archive was ended before "
            f"it told escrow. Bring the newest escrow, or name {shelf.newest.manifest.archive_id}."
        )
    return shelf.newest.manifest


def check_schema(manifest: Manifest, revisions: Collection[str]) -> None:
    """Whether this version knows the archive's schema. Raises SchemaNewer."""
    if manifest.revision not in revisions:
        raise SchemaNewer(
            "The archive was made by a newer version of Silta. Install that version, then restore."
        )


@contextmanager
def fetched(
    depot: Depot, manifest: Manifest, identities: Identities, *, folder: Path | None = None
) -> Iterator[IO[bytes]]:
    """The ciphertext as a file that has no name, verified to the last byte.

    Args:
        folder: where there is room for it; default: the temporary folder.

    Raises:
        NoScratch: there is no room, or the folder cannot be used.
        ArchiveDamaged: parts are missing or not as they were written.
        KeyMissing: none of `identities` opens it.
    """
    with _scratch(folder, manifest.size) as file:
        fetch_parts(depot.store, manifest.prefix, manifest.parts, manifest.digest, file)
        file.seek(0)
        check_identities(file.read(_HEAD), identities)
        file.seek(0)
        yield file


def _scratch(folder: Path | None, size: int) -> IO[bytes]:
    """A file without a name for which there is room: nothing is fetched in vain. A full disk
    would be told when a buffer is emptied, which is anywhere."""
    try:
        file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - the caller closes it
    except OSError:
        raise NoScratch from None
    try:
        os.posix_fallocate(file.fileno(), 0, max(size, 1))
    except OSError:
        file.close()
        raise NoScratch from None
    return file
