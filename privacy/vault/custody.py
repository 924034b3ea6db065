"""What holds keys outside the database: root keys, key port, escrow."""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

from privacy.core.settings import Settings
from privacy.vault.escrow import Escrow
from privacy.vault.ports import FileKeyPort, KeyPort, StoredKeyPort
from privacy.vault.roots import RootKeys, load_roots
from privacy.vault.stores import DirectoryStore
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
    """Custody as `settings` name it: files for the port, two folders for escrow.

    Raises:
        RootKeyRefused, Misconfigured: one line says what to do.
    """
    roots = roots or load_roots(settings)
    epochs = StoredKeyPort(DirectoryStore(settings.escrow_epoch_folder), roots)
    escrow = Escrow(DirectoryStore(settings.escrow_bundle_folder), epochs)
    return Custody(FileKeyPort(settings.keys_folder, roots), escrow)


Progress = Callable[[int], None]
"""Told how many were done since the last call."""
