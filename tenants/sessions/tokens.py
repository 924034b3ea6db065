"""Session tokens: 256 random bits for the cookie, a digest for the table."""

import hashlib
import secrets
from datetime import timedelta

ABSOLUTE = timedelta(days=30)
"""However busy, a session ends (promise B1: session data lives 30 days)."""
IDLE = timedelta(hours=12)
HALF = timedelta(minutes=10)
"""Time to show the second factor."""


def new_token() -> str:
    """What goes into the cookie, once."""
    return secrets.token_urlsafe(32)


def digest_of(token: str) -> bytes:
    """What goes into the table; 256 random bits need no salt and no slow hash."""
    return hashlib.sha256(b"silta session\0" + token.encode("utf-8", "surrogatepass")).digest()
