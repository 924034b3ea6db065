"""Delete what is over: archives past their time, and what killed runs left."""

import uuid
from datetime import datetime, timedelta
from typing import Final

from privacy.backups.errors import StoreDenied
from privacy.backups.manifests import NAME, prefix_of
from privacy.backups.register import expiry
from privacy.backups.shelves import Shelf
from privacy.backups.stores import OffsiteStore

LEAST_KEPT: Final = 1
"""Whole archives that stay whatever their age: an old one is better than none. What has ended
in it is unreadable all the same, for its keys are destroyed."""


def expired(shelf: Shelf, *, now: datetime, keep: timedelta) -> list[uuid.UUID]:
    """Archives whose time is over, oldest first; never the newest."""
    old = shelf.archives[:-LEAST_KEPT]
    return [one.manifest.archive_id for one in old if expiry(one.manifest.snapshot_at, keep) <= now]


def delete_archives(store: OffsiteStore, archive_ids: list[uuid.UUID]) -> list[uuid.UUID]:
    """Delete each, its manifest first, and look whether it is gone.

    A key that may not delete is no failure: with write-once storage another process, or the
    store's own rule, does it (ATTACK 66). The promise's probe tells when nobody does.

    Returns:
        Those of which nothing is left.
    """
    return [one for one in archive_ids if _delete(store, one)]


def sweep_orphans(store: OffsiteStore, shelf: Shelf) -> int:
    """Remove parts without a manifest. Nobody else may be making an archive. How many went."""
    gone = store.sweep_torn()
    for names in shelf.orphans.values():
        try:
            for name in names:
                store.delete(name)
        except StoreDenied:
            continue
        gone += len(names)
    return gone


def _delete(store: OffsiteStore, archive_id: uuid.UUID) -> bool:
    prefix = prefix_of(archive_id)
    try:
        store.delete(f"{prefix}{NAME}")
        for one in store.objects(prefix):
            store.delete(one.name)
    except StoreDenied:
        return False
    return not store.objects(prefix)
