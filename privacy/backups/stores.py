"""Off-site stores by obstore: an S3-compatible bucket, or a folder that is another machine's.

Small objects (up to a part, 8 MiB) are put whole, so that nothing dangles when a run is killed
but a folder's `name#1` files, which `sweep_torn` removes.
"""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import (
    BaseError,
    NotFoundError,
    PermissionDeniedError,
    UnauthenticatedError,
)
from obstore.store import LocalStore
from pydantic import SecretStr

from privacy.backups.errors import ObjectMissing, StoreDenied, StoreFailed, StoreFull
from privacy.core.buckets import is_bucket, open_bucket
from privacy.core.errors import Misconfigured
from privacy.vault.folders import sync_folder

_DENIED = ("AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "403 Forbidden")
_FULL = ("No space left", *(f"os error {one}" for one in (errno.ENOSPC, errno.EDQUOT)))
_CHUNK: Final = 4 << 20


class StoredObject(NamedTuple):
    """An object's name and its size in bytes."""

    name: str
    size: int


@dataclass(frozen=True)
class OffsiteStore:
    """Named objects. Every method raises StoreFailed or one of its kinds."""

    _store: Any = field(repr=False)
    _folder: Path | None = None

    def put(self, name: str, content: bytes) -> None:
        """Write or replace, durable on return."""
        with _told():
            obstore.put(self._store, name, content, use_multipart=False)
            if self._folder is not None:
                _settle(self._folder / name)

    def get(self, name: str) -> bytes:
        """The content. Raises ObjectMissing."""
        with _told():
            return bytes(obstore.get(self._store, name).bytes())

    def stream(self, name: str) -> Iterator[bytes]:
        """The content in pieces of a few megabytes. Raises ObjectMissing."""
        with _told():
            for piece in obstore.get(self._store, name).stream(min_chunk_size=_CHUNK):
                yield bytes(piece)

    def exists(self, name: str) -> bool:
        """Whether there is such an object."""
        try:
            with _told():
                obstore.head(self._store, name)
        except ObjectMissing:
            return False
        return True

    def delete(self, name: str) -> None:
        """Remove, and look whether it is gone; an absent object is no error."""
        try:
            with _told():
                obstore.delete(self._store, name)
        except ObjectMissing:
            return
        if self.exists(name):
            raise StoreFailed("The archives' store keeps what it was told to delete.")

    def objects(self, prefix: str = "") -> list[StoredObject]:
        """What there is below `prefix`, by name."""
        with _told():
            found = [
                StoredObject(str(one["path"]), int(one["size"]))
                for page in obstore.list(self._store, prefix=prefix or None)
                for one in page
            ]
        return sorted(found)

    def folders(self, prefix: str) -> list[str]:
        """What objects' names go on with below `prefix` up to the next slash, without it."""
        with _told():
            found = obstore.list_with_delimiter(self._store, prefix)
            return sorted(str(one).rstrip("/") for one in found["common_prefixes"])

    def sweep_torn(self) -> int:
        """Remove what killed writes left in a folder; a bucket has none. How many there were."""
        if self._folder is None:
            return 0
        torn = [path for path in self._folder.rglob("*#*") if path.is_file()]
        for path in torn:
            path.unlink(missing_ok=True)
        return len(torn)


def open_store(place: str, *, key_id: str | None, secret: SecretStr | None) -> OffsiteStore:
    """The store at `place`: an absolute folder, or `s3://bucket/prefix?endpoint=…&region=…`.

    Raises:
        Misconfigured: one line that says what to change. No connection is made here.
    """
    if is_bucket(place):
        return OffsiteStore(
            open_bucket(place, key_id=key_id, secret=secret, setting="SILTA_BACKUP_STORE")
        )
    parts = urlsplit(place)
    folder = Path(parts.path if parts.scheme == "file" else place)
    if parts.scheme not in ("", "file") or not folder.is_absolute():
        raise Misconfigured("SILTA_BACKUP_STORE is a folder's absolute path or s3://bucket/prefix")
    return open_folder(folder)


def open_folder(folder: Path) -> OffsiteStore:
    """A folder as a store; made if it is not there. Raises Misconfigured."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Misconfigured(f"The archives' folder cannot be used ({error.strerror}).") from None
    return OffsiteStore(LocalStore(folder), folder)


def _settle(path: Path) -> None:
    """On the disk, its name and its folders' names included."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    sync_folder(path.parent)
    sync_folder(path.parent.parent)


@contextmanager
def _told() -> Iterator[None]:
    """What a store says can quote addresses and keys; we say which kind of failure it was."""
    try:
        yield
    except (NotFoundError, FileNotFoundError):
        raise ObjectMissing from None
    except (PermissionDeniedError, UnauthenticatedError, PermissionError):
        raise StoreDenied from None
    except (BaseError, OSError) as error:
        said = str(error)
        if any(word in said for word in _FULL) or getattr(error, "errno", 0) in (
            errno.ENOSPC,
            errno.EDQUOT,
        ):
            raise StoreFull from None
        if any(word in said for word in _DENIED):
            raise StoreDenied from None
        raise StoreFailed from None
