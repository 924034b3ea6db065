"""HKDF-SHA256 (RFC 5869), and the canonical encoding that everything bound to a key uses."""

from functools import lru_cache

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from privacy.vault.labels import Label

KEY_BYTES = 32


def canonical(*parts: bytes) -> bytes:
    """Join `parts` so that no other parts give the same bytes: each with its length before it."""
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def derive(key: bytes, label: Label, context: str = "") -> bytes:
    """The 32-byte key for one purpose. `context` tells keys of the same purpose apart."""
    return HKDF(hashes.SHA256(), KEY_BYTES, None, _info(label, context)).derive(key)


@lru_cache(maxsize=256)
def _info(label: Label, context: str) -> bytes:
    return canonical(b"silta 1", label.encode(), context.encode())


def commitment_of(key: bytes) -> bytes:
    """32 bytes that no second key has; AES-GCM alone does not commit to its key (ATTACK 5)."""
    return derive(key, Label.COMMIT)
