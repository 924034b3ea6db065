"""Where escrow lives: named objects in a place outside the database and outside the archives."""

import contextlib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from privacy.vault.errors import EscrowFailed
from privacy.vault.folders import destroy_file, prepare_folder, write_durably

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*)*")


class EscrowStore(Protocol):
    """A few hundred small objects and one large one.

    The store of epoch keys must be deletable for good: unversioned, without object lock,
    retention or snapshots. An object store fits behind this when its bucket is so configured;
    `check_deletable` finds out at boot.
    """

    def put(self, name: str, content: bytes) -> None:
        """Write or replace, durable on return."""

    def get(self, name: str) -> bytes | None:
        """The content, or None when there is no such object."""

    def delete(self, name: str) -> None:
        """Remove for good; an absent object is no error."""

    def names(self, prefix: str = "") -> list[str]:
        """Names that begin with `prefix`, sorted."""


class DirectoryStore:
    """Objects as files (0600) below one folder (0700)."""

    def __init__(self, folder: Path) -> None:
        prepare_folder(folder)
        self._folder = folder

    def put(self, name: str, content: bytes) -> None:
        """See EscrowStore."""
        path = self._path(name)
        prepare_folder(path.parent)
        write_durably(path, content)

    def get(self, name: str) -> bytes | None:
        """See EscrowStore."""
        try:
            return self._path(name).read_bytes()
        except FileNotFoundError:
            return None

    def delete(self, name: str) -> None:
        """See EscrowStore."""
        path = self._path(name)
        destroy_file(path)
        if path.parent != self._folder:
            with contextlib.suppress(OSError):  # others are still in it, or it never was
                path.parent.rmdir()

    def names(self, prefix: str = "") -> list[str]:
        """See EscrowStore."""
        start = self._folder / prefix.rpartition("/")[0]
        return sorted(name for name in self._walk(start) if name.startswith(prefix))

    def _walk(self, start: Path) -> Iterator[str]:
        for parent, _, files in os.walk(start):
            for file in files:
                name = (Path(parent) / file).relative_to(self._folder).as_posix()
                if _NAME.fullmatch(name):
                    yield name

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise ValueError("not an object's name")
        return self._folder / name


def put_and_read_back(store: EscrowStore, name: str, content: bytes) -> None:
    """Write, then believe it only when it comes back. Raises EscrowFailed."""
    store.put(name, content)
    if store.get(name) != content:
        raise EscrowFailed


def delete_and_verify(store: EscrowStore, name: str) -> None:
    """Delete, and look whether it is gone. Raises EscrowFailed."""
    store.delete(name)
    if store.get(name) is not None:
        raise EscrowFailed("The key escrow keeps what it was told to delete. Use another place.")


def check_deletable(store: EscrowStore) -> None:
    """Write, read, delete and miss a probe. Raises EscrowFailed."""
    name = f"probe-{os.getpid()}"
    put_and_read_back(store, name, os.urandom(32))
    delete_and_verify(store, name)
