"""The short reference of a thread: random, easily read out, and free of any meaning."""

import secrets
from typing import Final

_LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without 0 O 1 I L and U."""


def new_reference() -> str:
    """`K7Q2-9XHM-4`: 44 random bits; two of a tenant alike are refused by the database."""
    drawn = "".join(secrets.choice(_LETTERS) for _ in range(9))
    return f"{drawn[:4]}-{drawn[4:8]}-{drawn[8]}"
