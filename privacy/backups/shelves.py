"""What is on the shelf: whole archives, and what runs that came to nothing left there."""

import uuid
from dataclasses import dataclass

from privacy.backups.errors import ManifestRefused
from privacy.backups.manifests import ARCHIVES, NAME, Manifest, read_manifest
from privacy.backups.stores import OffsiteStore
from privacy.ledger.signing import Identity


@dataclass(frozen=True, slots=True)
class Shelved:
    """A whole archive, and the digest by which the next one names it."""

    manifest: Manifest
    digest: bytes


@dataclass(frozen=True, slots=True)
class Shelf:
    """`refused`: manifests that are damaged or not ours; `orphans`: objects without a manifest."""

    archives: list[Shelved]
    refused: dict[uuid.UUID, str]
    orphans: dict[uuid.UUID, list[str]]

    @property
    def newest(self) -> Shelved | None:
        """The whole archive with the highest number."""
        return self.archives[-1] if self.archives else None

    def find(self, archive_id: uuid.UUID) -> Shelved | None:
        """One of them."""
        return next((a for a in self.archives if a.manifest.archive_id == archive_id), None)


def look(store: OffsiteStore, identity: Identity) -> Shelf:
    """Read every manifest; archives come oldest first."""
    names: dict[uuid.UUID, list[str]] = {}
    for one in store.objects(ARCHIVES):
        archive_id = _id_in(one.name)
        if archive_id is not None:
            names.setdefault(archive_id, []).append(one.name)
    shelf = Shelf([], {}, {})
    for archive_id, objects in names.items():
        if not any(name.endswith(f"/{NAME}") for name in objects):
            shelf.orphans[archive_id] = objects
            continue
        try:
            shelf.archives.append(Shelved(*read_manifest(store, archive_id, identity)))
        except ManifestRefused as refusal:
            shelf.refused[archive_id] = refusal.message
    shelf.archives.sort(key=lambda one: one.manifest.number)
    return shelf


def _id_in(name: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(hex=name.removeprefix(ARCHIVES).split("/")[0])
    except ValueError:
        return None
