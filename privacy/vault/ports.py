"""The key port: where epoch keys live, outside the database."""

import os
import re
from pathlib import Path
from typing import Protocol

from privacy.vault.derivations import KEY_BYTES
from privacy.vault.epoch_files import root_version_of, unwrap_epoch, wrap_epoch
from privacy.vault.errors import KeyPortFailed, NoKey
from privacy.vault.labels import Secret
from privacy.vault.root_seals import open_under_root, root_version, seal_under_root
from privacy.vault.roots import RootKeys
from privacy.vault.stores import (
    DirectoryStore,
    EscrowStore,
    delete_and_verify,
    put_and_read_back,
)

_NAME = re.compile(r"epoch-([1-9][0-9]*)\.key")


class KeyPort(Protocol):
    """Two or three epoch keys by number, in a place that can really destroy one.

    A key service or an HSM goes behind this same port: `create_epoch` imports the key, or stores
    it wrapped by the service; `destroy_epoch` must be immediate, for a service that schedules a
    deletion for some days later does not keep the promise. Its own backups must end within 48
    hours.
    """

    def create_epoch(self, number: int, key: bytes) -> None:
        """Keep `key` (32 bytes), durable on return. Raises KeyPortFailed."""

    def read_epoch(self, number: int) -> bytes:
        """The key. Raises NoKey when there is none, KeyPortFailed when it does not open."""

    def destroy_epoch(self, number: int) -> None:
        """Destroy it for good and verify that. An absent key is no error."""

    def epochs(self) -> list[int]:
        """Numbers of the keys that exist, ascending."""

    def rewrap_epochs(self) -> int:
        """Wrap all keys under the current root key; how many were not yet."""


class StoredKeyPort:
    """Epoch keys, wrapped by the root key, as objects of a store."""

    def __init__(self, store: EscrowStore, roots: RootKeys) -> None:
        self.store = store
        self._roots = roots

    def create_epoch(self, number: int, key: bytes) -> None:
        """See KeyPort."""
        put_and_read_back(self.store, _name(number), wrap_epoch(self._roots, number, key))

    def read_epoch(self, number: int) -> bytes:
        """See KeyPort."""
        return unwrap_epoch(self._roots, number, self._get(number))

    def destroy_epoch(self, number: int) -> None:
        """See KeyPort."""
        delete_and_verify(self.store, _name(number))
        if number in self.epochs():
            raise KeyPortFailed("An epoch key was destroyed and is still there.")

    def epochs(self) -> list[int]:
        """See KeyPort."""
        matches = map(_NAME.fullmatch, self.store.names("epoch-"))
        return sorted(int(match[1]) for match in matches if match)

    def rewrap_epochs(self) -> int:
        """See KeyPort."""
        old = [n for n in self.epochs() if root_version_of(self._get(n)) != self._roots.current]
        for number in old:
            self.create_epoch(number, self.read_epoch(number))
        return len(old) + sum(self._rewrap_secret(one) for one in Secret)

    def read_secret(self, secret: Secret) -> bytes | None:
        """A small secret, or None when there is none. Raises RootKeyRefused."""
        content = self.store.get(_secret(secret))
        return None if content is None else open_under_root(self._roots, secret, content)

    def make_secret(self, secret: Secret) -> bytes:
        """A new one of 32 bytes, in place of any other. Raises EscrowFailed."""
        made = os.urandom(KEY_BYTES)
        put_and_read_back(self.store, _secret(secret), seal_under_root(self._roots, secret, made))
        return made

    def _rewrap_secret(self, secret: Secret) -> bool:
        content = self.store.get(_secret(secret))
        if content is None or root_version(content) == self._roots.current:
            return False
        opened = open_under_root(self._roots, secret, content)
        sealed = seal_under_root(self._roots, secret, opened)
        put_and_read_back(self.store, _secret(secret), sealed)
        return True

    def _get(self, number: int) -> bytes:
        content = self.store.get(_name(number))
        if content is None:
            raise NoKey
        return content


class FileKeyPort(StoredKeyPort):
    """Epoch keys as files `epoch-<n>.key`.

    Its limit: the folder must not be backed up, snapshotted or on a copy-on-write file system,
    for then destroyed keys live on.
    """

    def __init__(self, folder: Path, roots: RootKeys) -> None:
        super().__init__(DirectoryStore(folder), roots)


def _name(number: int) -> str:
    return f"epoch-{number}.key"


def _secret(secret: Secret) -> str:
    return f"secret-{secret}.key"
