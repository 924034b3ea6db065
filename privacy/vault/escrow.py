"""Escrow: the bundle of wrapped keys in one place, the current epoch key in another.

Neither place is any use without the other, and neither without the root key. Both stand beside
the archives, never inside them.
"""

from dataclasses import dataclass
from datetime import datetime

from privacy.core.ids import new_id
from privacy.vault.bundles import Bundle, decode_bundle, encode_bundle
from privacy.vault.ports import StoredKeyPort
from privacy.vault.stores import (
    EscrowStore,
    check_deletable,
    delete_and_verify,
    put_and_read_back,
)
from privacy.vault.wrapping import KeyRow


@dataclass(frozen=True)
class Escrow:
    """Objects `bundle/<epoch>` and `additions/<epoch>/<id>`, and the store of epoch keys."""

    bundles: EscrowStore
    epochs: StoredKeyPort

    def put_bundle(self, bundle: Bundle, epoch_key: bytes) -> None:
        """Write the whole ring and read it back. Raises EscrowFailed."""
        content = encode_bundle(bundle, epoch_key)
        put_and_read_back(self.bundles, _bundle(bundle.epoch), content)

    def read_bundle(self, epoch: int, epoch_key: bytes) -> Bundle | None:
        """The whole ring of `epoch`, or None. Raises EscrowFailed when it is damaged."""
        content = self.bundles.get(_bundle(epoch))
        return None if content is None else decode_bundle(content, epoch, epoch_key)

    def add(self, rows: list[KeyRow], epoch: int, epoch_key: bytes, moment: datetime) -> None:
        """Write new keys and read them back, before they seal anything. Raises EscrowFailed."""
        bundle = Bundle(epoch, 0, moment, rows)
        name = f"{_additions(epoch)}{new_id().hex}"
        put_and_read_back(self.bundles, name, encode_bundle(bundle, epoch_key))

    def read_additions(self, epoch: int, epoch_key: bytes) -> list[KeyRow]:
        """Keys that were added since the bundle of `epoch`, oldest first. Raises EscrowFailed."""
        contents = (self.bundles.get(name) for name in self.addition_names(epoch))
        bundles = (decode_bundle(c, epoch, epoch_key) for c in contents if c is not None)
        return [row for bundle in bundles for row in bundle.rows]

    def addition_names(self, epoch: int) -> list[str]:
        """Names of what was added since the bundle of `epoch`."""
        return self.bundles.names(_additions(epoch))

    def has_ring(self, epoch: int) -> bool:
        """Whether any key of `epoch` is escrowed."""
        names = self.bundles.names(_bundle(epoch))
        return _bundle(epoch) in names or bool(self.addition_names(epoch))

    def drop_additions(self, epoch: int) -> None:
        """Remove what the bundle now holds."""
        for name in self.addition_names(epoch):
            delete_and_verify(self.bundles, name)

    def drop_epoch(self, epoch: int) -> None:
        """Remove the epoch key first, then what it no longer opens. Raises EscrowFailed."""
        self.epochs.destroy_epoch(epoch)
        self.drop_additions(epoch)
        delete_and_verify(self.bundles, _bundle(epoch))

    def check(self) -> None:
        """Both stores take, return and really delete. Raises EscrowFailed."""
        check_deletable(self.bundles)
        check_deletable(self.epochs.store)


def _bundle(epoch: int) -> str:
    return f"bundle/{epoch}"


def _additions(epoch: int) -> str:
    return f"additions/{epoch}/"
