"""The worked example for auditors, made by the service's own code with a key that is no secret."""

import base64
import json
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from privacy.ledger.chains import Chained, extend
from privacy.ledger.encoding import Head, StoredEvent, genesis
from privacy.ledger.signing import Identity, Signer
from tests.documentation.pages import DOCS

FOLDER = DOCS / "auditors" / "example"
ORIGIN = bytes(range(16))
TENANT = uuid.UUID("01890000-0000-7000-8000-00000000000a")
_USER = uuid.UUID("01890000-0000-7000-8000-0000000000aa")
_BEGAN = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
_PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))

SIGNER = Signer(Identity(ORIGIN, _PRIVATE.public_key().public_bytes_raw()), _PRIVATE)


def _event(n: int, event: str, **given: object) -> StoredEvent:
    plain = StoredEvent(
        tenant_id=TENANT,
        id=uuid.UUID(f"01890000-0000-7000-8000-0000000001{n:02x}"),
        at=_BEGAN + timedelta(minutes=n, microseconds=428_459),
        event=event,
        actor_kind="user",
        actor_id=_USER,
        subject=None,
        facts={},
        commitment=None,
    )
    return replace(plain, **given)  # type: ignore[arg-type]


EVENTS = (
    _event(1, "console:user:signed_in", subject=str(_USER), facts={"second_factor": True}),
    _event(
        2,
        "api:calls:ingested",
        actor_kind="api_key",
        subject="01890000-0000-7000-8000-0000000000cc",
        facts={"accepted": 998, "duplicates": 2, "expired": 0, "rejected": 0},
        commitment=bytes(range(100, 132)),
    ),
    _event(
        3,
        "retention:day:destroyed",
        actor_kind="system",
        actor_id=None,
        subject="2026-10-23",
        facts={"service": "T", "data": "calls"},
    ),
)


def chain() -> Chained:
    """The example's links."""
    begun = Head(TENANT, 0, genesis(ORIGIN, TENANT), _BEGAN)
    return extend(ORIGIN, begun, EVENTS)


def ledger_lines() -> list[dict[str, object]]:
    """Rows as the page's query gives them."""
    return [
        {
            "tenant": str(TENANT),
            "position": link.position,
            "digest": link.digest.hex(),
            "id": str(event.id),
            "at": event.at.isoformat(),
            "event": event.event,
            "actor_kind": event.actor_kind,
            "actor_id": str(event.actor_id) if event.actor_id else None,
            "subject": event.subject,
            "facts": dict(event.facts),
            "commitment": event.commitment.hex() if event.commitment else None,
        }
        for link, event in zip(chain().links, EVENTS, strict=True)
    ]


def head_lines() -> list[dict[str, object]]:
    """Heads as the anchors hold them."""
    links = chain()
    head = Head(TENANT, links.position, links.digest, _BEGAN + timedelta(minutes=5))
    return [
        {
            "tenant": str(TENANT),
            "position": head.position,
            "digest": head.digest.hex(),
            "signed_at": head.signed_at.isoformat(),
            "signature": base64.b64encode(SIGNER.sign(head)).decode(),
        }
    ]


def as_lines(rows: list[dict[str, object]]) -> str:
    """JSON lines."""
    return "".join(json.dumps(row, separators=(",", ":")) + "\n" for row in rows)


def write(folder: Path = FOLDER) -> None:
    """Write the example: `python -m tests.documentation.example`."""
    folder.mkdir(exist_ok=True)
    (folder / "identity.txt").write_text(f"{SIGNER.identity}\n")
    (folder / "ledger.jsonl").write_text(as_lines(ledger_lines()))
    (folder / "heads-2026-11.jsonl").write_text(as_lines(head_lines()))


if __name__ == "__main__":
    write()
