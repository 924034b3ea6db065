"""What holds keys outside the database: root keys, key port, escrow."""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

from privacy.core.buckets import is_bucket, open_bucket
from privacy.core.errors import Misconfigured
from privacy.core.settings import Settings
from privacy.vault.buckets import BucketStore
from privacy.vault.escrow import Escrow
from privacy.vault.ports import FileKeyPort, KeyPort, StoredKeyPort
from privacy.vault.roots import RootKeys, load_roots
from privacy.vault.stores import DirectoryStore, EscrowStore
from privacy.vault.wrapping import Wrapper

_KEPT = 4


@dataclass
class Custody:
    """Gives epoch keys, and remembers the last few so that the port is not asked each time."""

    port: KeyPort
    escrow: Escrow
    _wrappers: dict[int, Wrapper] = field(default_factory=dict, repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def wrapper(self, epoch: int) -> Wrapper:
        """What wraps under `epoch`. Raises NoKey, KeyPortFailed."""
        with self._lock:
            if epoch not in self._wrappers:
                if len(self._wrappers) >= _KEPT:
                    self._wrappers.pop(min(self._wrappers))
                self._wrappers[epoch] = Wrapper(epoch, self.port.read_epoch(epoch))
            return self._wrappers[epoch]

    def forget(self) -> None:
        """Drop remembered epoch keys: one of them may have been destroyed."""
        with self._lock:
            self._wrappers.clear()

    def renew(self) -> None:
        """Forget in a forked child, where a thread left behind may hold the lock."""
        self._lock = Lock()
        self._wrappers = {}


def make_custody(settings: Settings, *, roots: RootKeys | None = None) -> Custody:
    """Custody as `settings` name it: files for the port, two folders or buckets for escrow.

    Raises:
        RootKeyRefused, Misconfigured: one line says what to do.
    """
    roots = roots or load_roots(settings)
    epochs, bundles = _epoch_store(settings), _bundle_store(settings)
    escrow = Escrow(bundles, StoredKeyPort(epochs, roots))
    return Custody(FileKeyPort(settings.keys_folder, roots), escrow)


def _bundle_store(settings: Settings) -> EscrowStore:
    if settings.escrow_bundle_store is None:
        return DirectoryStore(settings.escrow_bundle_folder)
    return _bucket(settings, settings.escrow_bundle_store, "BUNDLE", unversioned=False)


def _epoch_store(settings: Settings) -> EscrowStore:
    if settings.escrow_epoch_store is None:
        return DirectoryStore(settings.escrow_epoch_folder)
    return _bucket(settings, settings.escrow_epoch_store, "EPOCH", unversioned=True)


def _bucket(settings: Settings, place: str, kind: str, *, unversioned: bool) -> EscrowStore:
    setting = f"SILTA_ESCROW_{kind}_STORE"
    if not is_bucket(place):
        raise Misconfigured(f"{setting} is s3://bucket/prefix; a folder has a setting of its own")
    key_id, secret = settings.escrow_store_key_id, settings.escrow_store_secret
    opened = open_bucket(place, key_id=key_id, secret=secret, setting=setting)
    return BucketStore(opened, unversioned=unversioned)


Progress = Callable[[int], None]
"""Told how many were done since the last call."""
