"""Tenant and day keys wrapped by an epoch key.

The wrapping binds what the key is (tenant, kind, day, version, epoch) and who it is: its id and
its commitment are checked before it is used, so no second key can stand in for it (ATTACK 5).
"""

import hmac
import os
from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.vault.derivations import KEY_BYTES, canonical, commitment_of, derive
from privacy.vault.errors import OpenError
from privacy.vault.keys import KEY_ID_BYTES
from privacy.vault.labels import Label

_FORMAT, _NONCE = b"\x01", 12
_PREFIX = canonical(b"silta key 1", INSTALLATION_ID.bytes)


class KeyKind(StrEnum):
    """What a key on the ring is."""

    TENANT = "tenant"
    DAY = "day"


class KeyName(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What a key is for. `data` of a tenant key is `seal` or `index`."""

    tenant_id: UUID
    kind: KeyKind
    service: str
    data: str
    day: date | None
    version: int


class KeyRow(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A key on the ring, as database and escrow hold it."""

    tenant_id: UUID
    key_id: bytes
    kind: KeyKind
    service: str
    data: str
    day: date | None
    version: int
    epoch: int
    wrapped: bytes
    commitment: bytes
    seals_leased: int
    created_at: datetime

    @property
    def name(self) -> KeyName:
        """What it is for."""
        return KeyName(self.tenant_id, self.kind, self.service, self.data, self.day, self.version)


class Wrapper:
    """Wraps and unwraps keys under one epoch key."""

    def __init__(self, epoch: int, key: bytes) -> None:
        self.epoch = epoch
        self._cipher = AESGCM(derive(key, Label.KEY_UNDER_EPOCH))
        self._suffix = epoch.to_bytes(8, "big")

    def __reduce__(self) -> str:
        raise TypeError("a key does not travel")

    def make(self, name: KeyName, moment: datetime) -> KeyRow:
        """A fresh key, wrapped."""
        key = os.urandom(KEY_BYTES)
        commitment = commitment_of(key)
        key_id = commitment[:KEY_ID_BYTES]
        wrapped = self._wrap(_aad(name, key_id), key)
        fields = (name.kind, name.service, name.data, name.day, name.version)
        return KeyRow(name.tenant_id, key_id, *fields, self.epoch, wrapped, commitment, 0, moment)

    def unwrap(self, row: KeyRow) -> bytes:
        """The key itself, once its commitment and id have been compared.

        Raises:
            OpenError: for whatever reason; it does not say.
        """
        key = self.carry(row)
        commitment = commitment_of(key)
        committed = hmac.compare_digest(commitment, row.commitment)
        if not committed or not hmac.compare_digest(commitment[:KEY_ID_BYTES], row.key_id):
            raise OpenError
        return key

    def carry(self, row: KeyRow) -> bytes:
        """The key for rewrapping alone: whoever uses it compares its commitment. Raises OpenError.

        The nightly epoch opens every rewrapped key, commitments included, before it destroys
        what they were wrapped with.
        """
        if row.epoch != self.epoch:
            raise OpenError
        return self._unwrap(_aad(row.name, row.key_id), row.wrapped)

    def rewrap(self, rows: Iterable[KeyRow], old: "Wrapper") -> list[bytes]:
        """The same keys, from `old`'s epoch, wrapped under this one. Raises OpenError."""
        return [self._wrap(_aad(row.name, row.key_id), old.carry(row)) for row in rows]

    def _wrap(self, aad: bytes, key: bytes) -> bytes:
        nonce = os.urandom(_NONCE)
        return _FORMAT + nonce + self._cipher.encrypt(nonce, key, aad + self._suffix)

    def _unwrap(self, aad: bytes, wrapped: bytes) -> bytes:
        nonce, text = wrapped[1 : 1 + _NONCE], wrapped[1 + _NONCE :]
        if wrapped[:1] != _FORMAT or len(text) != KEY_BYTES + 16:
            raise OpenError
        try:
            return self._cipher.decrypt(nonce, text, aad + self._suffix)
        except InvalidTag:
            raise OpenError from None


def _aad(name: KeyName, key_id: bytes) -> bytes:
    about = _about(name.kind, name.service, name.data, name.day, name.version)
    # The epoch's eight bytes follow, once for all keys of a Wrapper.
    return _PREFIX + canonical(name.tenant_id.bytes, key_id) + about


@lru_cache(maxsize=4096)
def _about(kind: KeyKind, service: str, data: str, day: date | None, version: int) -> bytes:
    date_text = day.isoformat().encode() if day else b""
    texts = (kind.encode(), service.encode(), data.encode(), date_text)
    return canonical(*texts, version.to_bytes(8, "big"))
