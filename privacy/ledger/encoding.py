"""What is hashed and signed, byte by byte, so that an outside auditor can recompute it.

    frame(p1, …, pn)  each part as a 4-byte big-endian length and its bytes;
                      an absent part as the length 0xFFFFFFFF and no bytes
    integer           8 bytes, big-endian, signed
    moment            microseconds since 1970-01-01T00:00:00Z, as an integer
    facts             frame(key1, value1, key2, …), keys in byte order; a value is
                      "s" + UTF-8, "i" + decimal digits, "b0" or "b1"
    event             SHA-256(frame("silta.ledger.event.1", origin, tenant, id, at, event,
                      actor kind, actor id?, subject?, facts, commitment?))
    genesis           SHA-256(frame("silta.ledger.genesis.1", origin, tenant))
    link              SHA-256(frame("silta.ledger.link.1", origin, tenant, position,
                      event digest, previous link's digest or genesis))
    head              Ed25519(frame("silta.ledger.head.1", origin, tenant, position,
                      link digest, signed at))
    restart           Ed25519(frame("silta.ledger.restart.1", origin, tenant, position,
                      link digest, signed at, archive's id))

Origin is 16 bytes that name the installation, UUIDs are their 16 bytes, text is UTF-8.
"""

import hashlib
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from struct import Struct

_LENGTH = Struct(">I").pack
_INTEGER = Struct(">q").pack
_ABSENT = b"\xff\xff\xff\xff"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

Fact = str | int | bool


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event as it lies in the database, with what can have been done to it."""

    tenant_id: uuid.UUID
    id: uuid.UUID
    at: datetime
    event: str
    actor_kind: str
    actor_id: uuid.UUID | None
    subject: str | None
    facts: Mapping[str, object]
    commitment: bytes | None


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a tenant's chain at a moment, signed.

    With `archive` it is a restart: the database was restored from that archive, the chain goes on
    from here, and heads that were anchored further on are of a branch that was lost. Where no
    archive of ours was restored, it is the id of the event by which an operator accepted that.
    """

    tenant_id: uuid.UUID
    position: int
    digest: bytes
    signed_at: datetime
    signature: bytes = b""
    archive: uuid.UUID | None = None


def frame(*parts: bytes | None) -> bytes:
    """Join parts so that no two different lists of parts give the same bytes."""
    return b"".join(
        [_ABSENT if part is None else _LENGTH(len(part)) + part for part in parts],
    )


@lru_cache(maxsize=4096)
def _prefix(label: bytes, origin: bytes, tenant_id: uuid.UUID) -> bytes:
    return frame(label, origin, tenant_id.bytes)


def event_digest(origin: bytes, event: StoredEvent) -> bytes:
    """32 bytes over everything that an event says, its tenant and its installation."""
    return hashlib.sha256(
        _prefix(b"silta.ledger.event.1", origin, event.tenant_id)
        + frame(
            event.id.bytes,
            _moment(event.at),
            event.event.encode(),
            event.actor_kind.encode(),
            None if event.actor_id is None else event.actor_id.bytes,
            None if event.subject is None else event.subject.encode(),
            facts_bytes(event.facts),
            event.commitment,
        )
    ).digest()


def genesis(origin: bytes, tenant_id: uuid.UUID) -> bytes:
    """What the first link of a chain has for its previous one."""
    return hashlib.sha256(frame(b"silta.ledger.genesis.1", origin, tenant_id.bytes)).digest()


def link_digest(
    origin: bytes, tenant_id: uuid.UUID, position: int, digest: bytes, previous: bytes
) -> bytes:
    """32 bytes over one event's digest, its place, and everything before it."""
    return hashlib.sha256(
        frame(b"silta.ledger.link.1", origin, tenant_id.bytes, _INTEGER(position), digest, previous)
    ).digest()


def head_bytes(origin: bytes, head: Head) -> bytes:
    """What a head's signature is over."""
    return frame(
        b"silta.ledger.restart.1" if head.archive else b"silta.ledger.head.1",
        origin,
        head.tenant_id.bytes,
        _INTEGER(head.position),
        head.digest,
        _moment(head.signed_at),
        *((head.archive.bytes,) if head.archive else ()),
    )


def facts_bytes(facts: object) -> bytes:
    """Facts in their one order, each value with its type."""
    if not isinstance(facts, Mapping):
        return _value(facts)
    if not facts:
        return b""
    parts: list[bytes] = []
    for key in sorted(facts):
        parts += (key.encode(), _value(facts[key]))
    return frame(*parts)


def _value(value: object) -> bytes:
    if isinstance(value, bool):
        return b"b1" if value else b"b0"
    if isinstance(value, int):
        return b"i%d" % value
    if isinstance(value, str):
        return b"s" + value.encode()
    # Never written by us: somebody edited the row. It gets bytes of its own and no match.
    return b"?" + json.dumps(value, sort_keys=True).encode()


def _moment(moment: datetime) -> bytes:
    return _INTEGER((moment - _EPOCH) // _MICROSECOND)
