"""Keyed commitments: the ledger can prove what a batch or a search was, and says nothing of it.

The key comes from the vault and ends with the data (a day's, a tenant's). Once it is destroyed,
the commitment in the chain still verifies as a link and identifies nobody (ATTACK 60).
"""

import hashlib
import hmac

from privacy.ledger.encoding import frame

SIZE = 32


def commit(key: bytes, *parts: bytes) -> bytes:
    """HMAC-SHA-256 (RFC 2104) of `parts`, under a 32-byte `key`.

    Raises:
        ValueError: the key has another length.
    """
    if len(key) != SIZE:
        raise ValueError("a commitment key has 32 bytes")
    return hmac.digest(key, frame(b"silta.ledger.commitment.1", *parts), hashlib.sha256)


def opens(key: bytes, commitment: bytes, *parts: bytes) -> bool:
    """Whether `commitment` is one to exactly these `parts`."""
    return hmac.compare_digest(commit(key, *parts), commitment)
