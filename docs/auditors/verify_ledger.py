"""Recompute a ledger of Silta: verify_ledger.py IDENTITY ledger.jsonl heads-2026-11.jsonl …

Needs Python 3.11 and `cryptography`, and nothing of Silta. Exit code 1 at the first thing wrong.
"""

import base64
import hashlib
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def frame(*parts: bytes | None) -> bytes:
    sized = (b"\xff" * 4 if p is None else len(p).to_bytes(4, "big") + p for p in parts)
    return b"".join(sized)


def number(value: int) -> bytes:
    return value.to_bytes(8, "big", signed=True)


def moment(text: str) -> bytes:
    since = datetime.fromisoformat(text) - datetime(1970, 1, 1, tzinfo=UTC)
    return number(since // timedelta(microseconds=1))


def fact(value: str | int) -> bytes:
    if isinstance(value, bool):
        return b"b1" if value else b"b0"
    return f"i{value}".encode() if isinstance(value, int) else b"s" + value.encode()


def event_digest(origin: bytes, row: dict[str, Any]) -> bytes:
    facts = [part for k, v in sorted(row["facts"].items()) for part in (k.encode(), fact(v))]
    actor, subject, proof = row["actor_id"], row["subject"], row["commitment"]
    what = (UUID(row["id"]).bytes, moment(row["at"]), row["event"].encode())
    who = (row["actor_kind"].encode(), UUID(actor).bytes if actor else None)
    whom = (None if subject is None else subject.encode(), frame(*facts))
    kept = None if proof is None else bytes.fromhex(proof)
    tenant = UUID(row["tenant"]).bytes
    return sha(b"silta.ledger.event.1", origin, tenant, *what, *who, *whom, kept)


def sha(*parts: bytes | None) -> bytes:
    return hashlib.sha256(frame(*parts)).digest()


def lines(path: str) -> Iterator[dict[str, Any]]:
    with Path(path).open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def check(right: bool, *where: object) -> None:
    if not right:
        sys.exit(f"broken: {' '.join(map(str, where))}")


def chain_up(origin: bytes, ledger: str) -> dict[str, list[bytes]]:
    chains: dict[str, list[bytes]] = {}
    for row in lines(ledger):
        name, tenant = row["tenant"], UUID(row["tenant"]).bytes
        chain = chains.setdefault(name, [sha(b"silta.ledger.genesis.1", origin, tenant)])
        position = len(chain)
        check(row["position"] == position, name, "position", position, "is missing")
        what = (number(position), event_digest(origin, row), chain[-1])
        chain.append(sha(b"silta.ledger.link.1", origin, tenant, *what))
        check(row["digest"] == chain[-1].hex(), name, "position", position, "was changed")
    return chains


def check_head(
    origin: bytes, key: Ed25519PublicKey, head: dict[str, Any], chain: list[bytes]
) -> None:
    name, position = head["tenant"], head["position"]
    what = (number(position), bytes.fromhex(head["digest"]), moment(head["signed_at"]))
    try:
        restart = [UUID(head["restored"]).bytes] if "restored" in head else []
        label = b"silta.ledger.restart.1" if restart else b"silta.ledger.head.1"
        signed = frame(label, origin, UUID(name).bytes, *what, *restart)
        key.verify(base64.b64decode(head["signature"]), signed)
    except InvalidSignature:
        check(False, name, "head", position, "was not signed by this installation")
    check(position < len(chain), name, "ends before position", position)
    check(chain[position].hex() == head["digest"], name, "is another chain at", position)


def standing(heads: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Without heads that a restart left behind: the database was restored from an archive."""
    kept: dict[str, list[dict[str, Any]]] = {}
    for head in heads:
        known = kept.setdefault(head["tenant"], [])
        if "restored" in head:
            known[:] = [one for one in known if one["position"] <= head["position"]]
        known.append(head)
    return (head for known in kept.values() for head in known)


def main(identity: str, ledger: str, *anchors: str) -> None:
    origin = bytes.fromhex(identity.partition("+")[0])
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(identity.partition("+")[2]))
    chains = chain_up(origin, ledger)
    heads = [head for path in anchors for head in lines(path)]
    for head in standing(iter(heads)):
        start = [sha(b"silta.ledger.genesis.1", origin, UUID(head["tenant"]).bytes)]
        check_head(origin, key, head, chains.get(head["tenant"], start))
    links = sum(len(chain) - 1 for chain in chains.values())
    restarts = sum("restored" in head for head in heads)
    told = f" {restarts} restarts after a restoration: ask why." if restarts else ""
    sys.stdout.write(f"{len(chains)} chains, {links} links: all hold.{told}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
