"""Signatures of Standard Webhooks: HMAC-SHA256 over `id.timestamp.body`, one for each secret."""

import base64
import hashlib
import hmac
from collections.abc import Iterable


def sign(keys: Iterable[bytes], *, message_id: str, timestamp: int, body: bytes) -> str:
    """The header `webhook-signature`: `v1,<base64>` for each key, parted by spaces."""
    content = f"{message_id}.{timestamp}.".encode("ascii") + body
    return " ".join(f"v1,{_signature(key, content)}" for key in keys)


def _signature(key: bytes, content: bytes) -> str:
    return base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode("ascii")
