"""What escrow keeps for archives: which is the newest, and the key that signs them.

Escrow is beside the archives, so whoever changes the store cannot offer an old archive as the
newest (ATTACK 61); and an installation that lost its machine can sign its ledger again.
"""

import uuid
from pathlib import Path
from typing import Final

import msgspec

from privacy.backups.shelves import Shelved
from privacy.ledger.signing import PRIVATE, PUBLIC
from privacy.vault.errors import EscrowFailed
from privacy.vault.folders import prepare_folder, write_durably
from privacy.vault.stores import EscrowStore, put_and_read_back

_NEWEST: Final = "archives/newest"
_KEYS: Final = {PRIVATE: "ledger/signing.key", PUBLIC: "ledger/signing.pub"}


class Newest(msgspec.Struct, frozen=True):
    """The last whole archive that was made."""

    number: int
    archive_id: uuid.UUID
    digest: bytes


def remember_newest(bundles: EscrowStore, made: Shelved) -> None:
    """Tell escrow. Raises EscrowFailed."""
    newest = Newest(made.manifest.number, made.manifest.archive_id, made.digest)
    put_and_read_back(bundles, _NEWEST, msgspec.json.encode(newest))


def newest_known(bundles: EscrowStore) -> Newest | None:
    """What escrow was told last. Raises EscrowFailed when it is damaged."""
    content = bundles.get(_NEWEST)
    if content is None:
        return None
    try:
        return msgspec.json.decode(content, type=Newest)
    except msgspec.DecodeError:
        raise EscrowFailed("Escrow's note of the newest archive is damaged.") from None


def keep_signing_key(bundles: EscrowStore, keys_folder: Path) -> None:
    """Copy the ledger's signing key, which the root key seals, into escrow. Raises EscrowFailed."""
    for file, name in _KEYS.items():
        path = keys_folder / file
        if path.exists() and bundles.get(name) != (content := path.read_bytes()):
            put_and_read_back(bundles, name, content)


def bring_signing_key(bundles: EscrowStore, keys_folder: Path) -> bool:
    """Put the signing key back where it is missing. Returns whether it was brought."""
    brought = False
    for file, name in _KEYS.items():
        content = bundles.get(name)
        if content is not None and not (keys_folder / file).exists():
            prepare_folder(keys_folder)
            write_durably(keys_folder / file, content)
            brought = True
    return brought
