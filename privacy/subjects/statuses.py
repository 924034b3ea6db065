"""Where a request stands, for whoever made it: by its reference and a code that is derived.

The code is a keyed digest of the request's id: nothing is kept of it, it opens nothing but the
state and the due date, and it is shown once, to whoever sent the form.
"""

import hmac
import uuid
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import select

from privacy.core.db.work import UnitOfWork
from privacy.subjects.models import SubjectRequest
from privacy.subjects.words import RequestState
from privacy.vault.derivations import canonical
from privacy.vault.keyring import Keyring
from privacy.vault.labels import Index

UNTOLD: Final = "refused_untold"
CALLING: Final = "verifying_calling"
_LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH: Final = 10


@dataclass(frozen=True, slots=True)
class Status:
    """What is told of a request, and no more."""

    id: uuid.UUID
    reference: str
    kind: str
    state: str
    due_on: date


def status_code(work: UnitOfWork, vault: Keyring, request_id: uuid.UUID) -> str:
    """49 bits in ten letters, `AB3CD-EFGH4`."""
    message = canonical(b"status code", request_id.bytes)
    number = int.from_bytes(vault.tenant_index(work, Index.CODES).digest(message), "big")
    letters = ""
    for _ in range(_LENGTH):
        number, place = divmod(number, len(_LETTERS))
        letters += _LETTERS[place]
    return f"{letters[:5]}-{letters[5:]}"


def spelled(reference: str) -> str:
    """A reference in its one spelling; "" for what cannot be one."""
    written = "".join(one for one in reference.upper()[:40] if one.isascii() and one.isalnum())
    if len(written) != 9 or written[0] != "R":
        return ""
    return f"R-{written[1:5]}-{written[5:]}"


def find_by_reference(work: UnitOfWork, reference: str) -> uuid.UUID | None:
    """The bound tenant's request of a reference, in whatever spelling."""
    known = spelled(reference)
    if not known:
        return None
    return work.session.scalar(
        select(SubjectRequest.id).where(
            SubjectRequest.tenant_id == work.tenant_id, SubjectRequest.reference == known
        )
    )


def read_status(work: UnitOfWork, vault: Keyring, *, reference: str, code: str) -> Status | None:
    """None for a wrong reference and for a wrong code alike, in the same time."""
    request_id = find_by_reference(work, reference)
    wanted = status_code(work, vault, request_id or uuid.UUID(int=0)).replace("-", "")
    given = "".join(one for one in code.upper()[:40] if one.isascii() and one.isalnum())
    same = hmac.compare_digest(wanted.encode(), given.encode())
    if request_id is None or not same:
        return None
    row = work.session.get(SubjectRequest, (work.tenant_id, request_id))
    if row is None:
        return None
    return Status(row.id, row.reference, row.kind, _told(row), row.due_on)


def _told(row: SubjectRequest) -> str:
    """Its state; nobody is told of a mail or of reasons that were never sent to them."""
    if row.state == RequestState.VERIFYING and row.email_token is None:
        return CALLING
    if row.state == RequestState.REFUSED and row.mail_id is None:
        return UNTOLD
    return row.state
