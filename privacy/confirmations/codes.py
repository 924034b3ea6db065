"""Codes that confirm: 49 random bits, kept as a keyed digest, tried five times, used once."""

import secrets
import uuid
from typing import Final

from privacy.core.db.work import UnitOfWork
from privacy.vault.derivations import canonical
from privacy.vault.keyring import Keyring
from privacy.vault.labels import Index

HOURS: Final = 24
TRIES: Final = 5
LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH: Final = 10


def draw_code() -> str:
    """Letters that are not mistaken for each other, without the dash in the middle."""
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))


def spelled(code: str) -> str:
    """As people read it: `AB3CD-EFGH4`."""
    return f"{code[:5]}-{code[5:]}"


def plain(typed: str) -> str:
    """What was typed, without dashes, spaces and small letters."""
    return "".join(letter for letter in typed.upper()[:40] if letter.isalnum())


def digest_of(work: UnitOfWork, vault: Keyring, row_id: uuid.UUID, code: str) -> bytes:
    """What is kept of a code."""
    message = canonical(b"confirmation code", row_id.bytes, code.encode())
    return vault.tenant_index(work, Index.CODES).digest(message)
