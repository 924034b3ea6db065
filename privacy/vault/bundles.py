"""Escrowed rings as bytes: all of an epoch's keys, or a few added since, under a MAC."""

import hmac
from datetime import date, datetime
from uuid import UUID

import msgspec

from privacy.vault.derivations import derive
from privacy.vault.errors import EscrowFailed
from privacy.vault.labels import Label
from privacy.vault.wrapping import KeyRow

_MAGIC = b"silta-bundle-1\n"
_MAC = 32


class Tombstone(msgspec.Struct, frozen=True, array_like=True):
    """A destroyed day that is young enough to be asked for again."""

    tenant_id: UUID
    key_id: bytes
    kind: str
    service: str
    data: str
    day: date | None
    version: int
    destroyed_at: datetime
    reason: str


class FloorRow(msgspec.Struct, frozen=True, array_like=True):
    """Minimum versions of one tenant's keys."""

    tenant_id: UUID
    min_available: int
    min_open: int
    min_seal: int


class Bundle(msgspec.Struct, frozen=True):
    """What escrow holds of the ring."""

    epoch: int
    ring_version: int
    made_at: datetime
    rows: list[KeyRow]
    tombstones: list[Tombstone] = []
    floors: list[FloorRow] = []


_encoder = msgspec.msgpack.Encoder(uuid_format="bytes")
_decoder = msgspec.msgpack.Decoder(Bundle)


def encode_bundle(bundle: Bundle, epoch_key: bytes) -> bytes:
    """Bytes for escrow."""
    payload = _encoder.encode(bundle)
    return _MAGIC + _mac(epoch_key, payload) + payload


def decode_bundle(content: bytes, epoch: int, epoch_key: bytes) -> Bundle:
    """Read what escrow gave back.

    Raises:
        EscrowFailed: changed, truncated, or of another epoch.
    """
    start = len(_MAGIC) + _MAC
    mac, payload = content[len(_MAGIC) : start], content[start:]
    genuine = hmac.compare_digest(mac, _mac(epoch_key, payload))
    if not content.startswith(_MAGIC) or not genuine:
        raise EscrowFailed("An escrowed key bundle is damaged.")
    bundle = _decoder.decode(payload)
    if bundle.epoch != epoch:
        raise EscrowFailed("An escrowed key bundle is of another epoch.")
    return bundle


def _mac(epoch_key: bytes, payload: bytes) -> bytes:
    return hmac.digest(derive(epoch_key, Label.BUNDLE_MAC), payload, "sha256")
