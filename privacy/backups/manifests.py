"""The manifest makes an archive: written last, signed, and tied to the one before it.

    silta-archive-1 <origin, hex> <Ed25519 signature, base64>
    <JSON>

The signature is the ledger's identity over a label of its own, the origin and the JSON. So an
archive of another installation, a renamed one and a changed one are all refused (ATTACK 61).
"""

import base64
import binascii
import hashlib
import uuid
from datetime import datetime
from typing import Final

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from privacy.backups.errors import ManifestRefused, ObjectMissing
from privacy.backups.parts import Part
from privacy.backups.stores import OffsiteStore
from privacy.ledger.signing import Identity, Signer

ARCHIVES: Final = "archives/"
NAME: Final = "manifest"
_FIRST: Final = b"silta-archive-1"
_LABEL: Final = b"silta archive manifest 1\n"


class Tally(msgspec.Struct, frozen=True, array_like=True):
    """Rows of one table or partition, and a digest of them that knows no order."""

    rows: int
    digest: int


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an archive is. Times are UTC; `digest` is SHA-256 of all ciphertext in a row."""

    archive_id: uuid.UUID
    number: int
    previous: bytes | None
    origin: bytes
    revision: str
    server: int
    began_at: datetime
    snapshot_at: datetime
    ended_at: datetime
    lsn: str
    recipients: list[str]
    parts: list[Part]
    size: int
    digest: bytes
    tables: dict[str, Tally]

    @property
    def prefix(self) -> str:
        """Where its objects are."""
        return prefix_of(self.archive_id)

    @property
    def rows(self) -> int:
        """Of all tables."""
        return sum(tally.rows for tally in self.tables.values())


_encoder = msgspec.json.Encoder(order="deterministic")
_decoder = msgspec.json.Decoder(Manifest)


def prefix_of(archive_id: uuid.UUID) -> str:
    """`archives/<id>/`."""
    return f"{ARCHIVES}{archive_id.hex}/"


def write_manifest(store: OffsiteStore, manifest: Manifest, signer: Signer) -> bytes:
    """Sign and put it. Returns the digest by which the next one will name it."""
    payload = _encoder.encode(manifest)
    signature = signer.private.sign(_signed(signer.identity, payload))
    origin = signer.identity.origin.hex().encode()
    content = b"%b %b %b\n%b" % (_FIRST, origin, base64.b64encode(signature), payload)
    store.put(manifest.prefix + NAME, content)
    if store.get(manifest.prefix + NAME) != content:
        raise ManifestRefused("The manifest did not come back from the store as it was written.")
    return hashlib.sha256(content).digest()


def read_manifest(
    store: OffsiteStore, archive_id: uuid.UUID, identity: Identity
) -> tuple[Manifest, bytes]:
    """The manifest of an archive, verified, and its own digest.

    Raises:
        ManifestRefused: there is none, it is damaged, another installation's, or another
            archive's.
    """
    try:
        content = store.get(prefix_of(archive_id) + NAME)
    except ObjectMissing:
        raise ManifestRefused("There is no such archive: it has no manifest.") from None
    manifest = _parse(content, identity)
    if manifest.archive_id != archive_id:
        raise ManifestRefused("The manifest is of another archive.")
    return manifest, hashlib.sha256(content).digest()


def _parse(content: bytes, identity: Identity) -> Manifest:
    line, _, payload = content.partition(b"\n")
    words = line.split(b" ")
    if len(words) != 3 or words[0] != _FIRST:
        raise ManifestRefused("The archive's manifest is damaged.")
    if words[1] != identity.origin.hex().encode():
        raise ManifestRefused("The archive is of another installation.")
    key = Ed25519PublicKey.from_public_bytes(identity.public_key)
    try:
        key.verify(base64.b64decode(words[2], validate=True), _signed(identity, payload))
        manifest = _decoder.decode(payload)
    except (InvalidSignature, binascii.Error, ValueError, msgspec.DecodeError):
        raise ManifestRefused(
            "The archive's manifest is not signed by this installation."
        ) from None
    if manifest.origin != identity.origin or sum(p.size for p in manifest.parts) != manifest.size:
        raise ManifestRefused("The archive's manifest contradicts itself.")
    return manifest


def _signed(identity: Identity, payload: bytes) -> bytes:
    return _LABEL + identity.origin + payload
