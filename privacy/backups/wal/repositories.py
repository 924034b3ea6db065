"""The repository of the log, from outside: the names of its backups tell when they were made.

Nothing is decrypted: who looks needs a key of the store that may read and list, and no passphrase.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from obstore.store import LocalStore

from privacy.backups.errors import ObjectMissing, StoreFailed
from privacy.backups.stores import OffsiteStore
from privacy.backups.wal.places import folder_in, keys_of, repository_place
from privacy.core.buckets import open_bucket
from privacy.core.settings import Settings

_LABEL: Final = re.compile(r"(?:\d{8}-\d{6}F_)?(\d{8}-\d{6})([FDI])\Z")
"""`20261122-021700F`, `20261122-021700F_20261123-021700D`: by the clock of the server's host."""
_SALTED: Final = b"Salted__"
"""How a file begins that pgBackRest has encrypted, as OpenSSL does."""


@dataclass(frozen=True, slots=True)
class Repository:
    """When whole backups were made; `encrypted` is None where there is nothing yet."""

    fulls: tuple[datetime, ...]
    backups: tuple[datetime, ...]
    encrypted: bool | None


def open_repository(settings: Settings) -> OffsiteStore:
    """Raises Misconfigured, and StoreFailed where the folder is not there."""
    place = repository_place(settings)
    folder = folder_in(place)
    if folder is None:
        key_id, secret = keys_of(settings)
        return OffsiteStore(
            open_bucket(place, key_id=key_id, secret=secret, setting="SILTA_WAL_STORE")
        )
    if not folder.is_dir():
        raise StoreFailed("The folder in SILTA_WAL_STORE is not there, or is not ours to see.")
    return OffsiteStore(LocalStore(folder), folder)


def look_into(store: OffsiteStore, stanza: str) -> Repository:
    """What there is of `stanza`. Raises StoreFailed or one of its kinds."""
    home = f"backup/{stanza}"
    fulls, backups = list[datetime](), list[datetime]()
    for name in store.folders(f"{home}/"):
        found = _LABEL.match(name.rsplit("/", 1)[-1])
        if found is None or not store.exists(f"{name}/backup.manifest"):
            continue
        made = datetime.strptime(found[1], "%Y%m%d-%H%M%S").replace(tzinfo=UTC)
        backups.append(made)
        if found[2] == "F":
            fulls.append(made)
    return Repository(tuple(sorted(fulls)), tuple(sorted(backups)), _encrypted(store, home))


def _encrypted(store: OffsiteStore, home: str) -> bool | None:
    try:
        return store.get(f"{home}/backup.info").startswith(_SALTED)
    except ObjectMissing:
        return None
