"""A form's key: 144 random bits. It stands in public pages, so it opens nothing but the form."""

import hashlib
import re
import secrets
from typing import Final

KEY: Final = re.compile(r"[A-Za-z0-9_-]{24}")


def new_key() -> str:
    """What goes into the page."""
    return secrets.token_urlsafe(18)


def digest_of(key: str) -> bytes:
    """What the directory finds it by."""
    return hashlib.sha256(b"silta form\0" + key.encode("utf-8", "surrogatepass")).digest()
