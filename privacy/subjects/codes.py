"""Codes: 49 random bits, kept as a keyed digest, tried five times at most, used once.

A wrong try is counted in the transaction that answers it: whoever asks commits first and
refuses then. The request's row is locked, so that two tries at once are two tries.
"""

import hmac
import secrets
from datetime import timedelta
from typing import Final, Literal

from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Forbidden, TooManyRequests
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.subjects.models import SubjectRequest
from privacy.vault.derivations import canonical
from privacy.vault.keyring import Keyring
from privacy.vault.labels import Index

CodeFor = Literal["identity", "result", "telephone"]
HOURS: Final = 48
TRIES: Final = 5
MOST_CODES: Final = 5
_LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH: Final = 10


class CodeRefused(Forbidden):
    """Wrong, used, too old, or tried too often: said alike."""

    code = "code_refused"
    message = "This code does not open the request. Ask for a new one."


class TooManyCodes(TooManyRequests):
    """Nobody is sent codes without end."""

    code = "too_many_codes"
    message = "No more codes are sent for this request. Identify the person another way."


def new_code(
    work: UnitOfWork, vault: Keyring, row: SubjectRequest, code_for: CodeFor, *, lives: timedelta
) -> str:
    """A code for a locked row; the one before ends. Raises TooManyCodes."""
    if row.codes_sent >= MOST_CODES:
        raise TooManyCodes
    drawn = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
    row.code_digest = _digest(work, vault, row, code_for, drawn)
    row.code_for, row.code_tries, row.codes_sent = code_for, 0, row.codes_sent + 1
    row.code_expires_at = work.now + lives
    record(work, Event.REQUEST_CODE_SENT, subject=row.id, facts={"code_for": code_for})
    return f"{drawn[:5]}-{drawn[5:]}"


def take_code(
    work: UnitOfWork, vault: Keyring, row: SubjectRequest, code_for: CodeFor, code: str
) -> bool:
    """Whether it is the code of a locked row; then it is used up. Never raises for a wrong one."""
    given = _digest(work, vault, row, code_for, _plain(code))
    known = row.code_digest or bytes(len(given))
    same = hmac.compare_digest(known, given) and row.code_digest is not None
    living = (
        row.code_for == code_for
        and row.code_tries < TRIES
        and row.code_expires_at is not None
        and work.now < row.code_expires_at
    )
    row.code_tries = min(row.code_tries + 1, TRIES)
    if not (same and living):
        record(work, Event.REQUEST_CODE_REFUSED, subject=row.id, facts={"code_for": code_for})
        return False
    row.code_digest = row.code_for = row.code_expires_at = None
    return True


def _plain(code: str) -> str:
    return "".join(letter for letter in code.upper()[:40] if letter.isalnum())


def _digest(
    work: UnitOfWork, vault: Keyring, row: SubjectRequest, code_for: CodeFor, drawn: str
) -> bytes:
    message = canonical(b"subject code", row.id.bytes, code_for.encode(), drawn.encode())
    return vault.tenant_index(work, Index.CODES).digest(message)
