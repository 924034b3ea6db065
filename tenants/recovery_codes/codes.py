"""Recovery codes: ten, 125 random bits each, so that a plain hash keeps them (ASVS 6.5.2)."""

import hashlib
import secrets

COUNT = 10
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_GROUPS, _GROUP = 5, 5
_LOOKALIKES = str.maketrans("OIL", "011")


def new_codes() -> list[str]:
    """Ten codes of five groups, in Crockford's base32: nothing to confuse when written down."""
    return [_new_code() for _ in range(COUNT)]


def digest_of(code: str) -> bytes:
    """SHA-256 of the code as a person may have typed it: any case, any separators, O for 0."""
    plain = "".join(c for c in code.upper() if c.isalnum()).translate(_LOOKALIKES)
    return hashlib.sha256(b"silta recovery code\0" + plain.encode()).digest()


def _new_code() -> str:
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)
