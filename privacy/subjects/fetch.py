"""Give the file out: once, to whoever has the code; afterwards it is gone."""

import uuid
from typing import Final

from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Gone
from privacy.identities.shapes import Way
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.subjects.clerks import Clerk, WrongState, get_request
from privacy.subjects.codes import take_code
from privacy.subjects.collect import drop_parts, read_parts
from privacy.subjects.models import SubjectRequest
from privacy.subjects.packages import pack
from privacy.subjects.words import COLLECTED, RequestKind, RequestState

_READY: Final = (RequestState.DONE, RequestState.CLOSED)


def fetch_by_code(
    work: UnitOfWork, clerk: Clerk, *, request_id: uuid.UUID, code: str
) -> bytes | None:
    """The ZIP, or None for a wrong code, which counts: commit, then refuse.

    Raises:
        NotFound; WrongState: there is no file yet; Gone: it was fetched, or its time is over.
    """
    row = _ready(work, request_id)
    if not take_code(work, clerk.vault, row, "result", code):
        return None
    return _give(work, clerk, row, "code")


def fetch_by_agent(work: UnitOfWork, clerk: Clerk, *, request_id: uuid.UUID) -> bytes:
    """The ZIP for somebody without an address, to be sent as a letter or handed over.

    Raises:
        NotFound; Gone; WrongState: there is no file yet, or the person has a code for it.
    """
    row = _ready(work, request_id)
    if Way.EMAIL in row.proven:
        raise WrongState("The person was sent a code. Enter it to open the file.")
    return _give(work, clerk, row, "agent")


def _ready(work: UnitOfWork, request_id: uuid.UUID) -> SubjectRequest:
    row = get_request(work, request_id, lock=True)
    if RequestKind(row.kind) not in COLLECTED or RequestState(row.state) not in _READY:
        raise WrongState
    if row.fetched_at is not None:
        raise Gone
    return row


def _give(work: UnitOfWork, clerk: Clerk, row: SubjectRequest, by: str) -> bytes:
    parts = read_parts(work, clerk.vault, row.id)
    if not drop_parts(work, row.id):
        raise Gone
    row.fetched_at = work.now
    record(work, Event.REQUEST_FETCHED, subject=row.id, facts={"by": by})
    return pack(work, clerk, row, parts)
