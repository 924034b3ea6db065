"""Segments of a tenant's journal as bytes: each binds the one before it, all under one key.

A segment's MAC covers the MAC of the segment before it, so none can be changed, moved, or left
out between two others; the head says how many there are, so none can be left out at the end.
"""

import hmac
from datetime import datetime
from typing import Any, Final, TypeVar
from uuid import UUID

import msgspec

from privacy.vault.derivations import derive
from privacy.vault.errors import EscrowFailed
from privacy.vault.labels import Label

MAC_BYTES: Final = 32
BEGINNING: Final = bytes(MAC_BYTES)
"""What the first segment binds."""
_MAGIC: Final = b"silta-erasures-1\n"
_DAMAGED: Final = "The escrowed journal of erasures is damaged: {}. It was not replayed."

T = TypeVar("T")


class Note(msgspec.Struct, frozen=True, array_like=True):
    """Rows of one table, as erasure_journal had them."""

    id: UUID
    relation: str
    act: str
    rows: list[dict[str, Any]]
    at: datetime


class Segment(msgspec.Struct, frozen=True, array_like=True):
    """One tenant's notes between two exports. `number` counts from 1."""

    tenant_id: UUID
    number: int
    before: bytes
    made_at: datetime
    notes: list[Note]


class Head(msgspec.Struct, frozen=True, array_like=True):
    """Which segments there are: those before `first` were older than any backup, and went."""

    tenant_id: UUID
    first: int
    before_first: bytes
    last: int
    mac: bytes
    moved_at: datetime


def encode(key: bytes, thing: Segment | Head) -> tuple[bytes, bytes]:
    """Bytes for escrow, and their MAC."""
    payload = msgspec.msgpack.encode(thing)
    mac = _mac(key, type(thing).__name__, thing.tenant_id, payload)
    return _MAGIC + mac + payload, mac


def decode(key: bytes, content: bytes | None, type_: type[T], tenant_id: UUID) -> tuple[T, bytes]:
    """What `encode` made of a tenant's segment or head, and its MAC.

    Raises:
        EscrowFailed: missing, changed, truncated, or another tenant's.
    """
    if content is None:
        raise damaged("a part is missing")
    start = len(_MAGIC) + MAC_BYTES
    mac, payload = content[len(_MAGIC) : start], content[start:]
    right = hmac.compare_digest(mac, _mac(key, type_.__name__, tenant_id, payload))
    if not content.startswith(_MAGIC) or not right:
        raise damaged("a part was changed")
    return msgspec.msgpack.decode(payload, type=type_), mac


def damaged(how: str) -> EscrowFailed:
    """What is raised, with how it is damaged."""
    return EscrowFailed(_DAMAGED.format(how))


def _mac(key: bytes, what: str, tenant_id: UUID, payload: bytes) -> bytes:
    derived = derive(key, Label.ERASURES_MAC, f"{what} {tenant_id}")
    return hmac.digest(derived, payload, "sha256")
