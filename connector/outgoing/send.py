"""Send one document: noted before, looked for after a doubt, never twice.

The note that an attempt begins is committed before anything is sent. A process that dies then
leaves the note, and whoever comes next looks whether the document is there, but not too soon:
what nobody answered may still be being worked on.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from connector.accounts.find import find_account
from connector.accounts.pending import connection_of
from connector.accounts.states import READING, AccountState
from connector.outbound.failures import CredentialDoubt, Failure, FailureKind, SystemFailure
from connector.outgoing.contents import open_content
from connector.outgoing.models import OutgoingDocument
from connector.outgoing.request import find_document
from connector.outgoing.shapes import Outgoing
from connector.providers.sending import Added, Adding, Attempt
from connector.syncs.backoff import pause_after
from connector.syncs.locks import locked
from connector.syncs.openings import open_account
from connector.syncs.stations import Station
from connector.syncs.verdicts import note_failure
from privacy.core.db.locks import AdvisoryLock
from privacy.core.db.work import UnitOfWork
from privacy.core.outbox.enqueue import enqueue
from privacy.core.outbox.names import JobName
from privacy.ledger.events import Event
from privacy.ledger.record import record

SETTLED: Final = timedelta(minutes=4)
"""After an attempt whose end nobody knows, before anybody looks."""
MOST_ATTEMPTS: Final = 40
_MARK = "SILTA-"


class NothingAdded(SystemFailure):
    """Systems of this kind take nothing from us."""

    code = "nothing_added_there"
    message = "Nothing can be added in this system."


@dataclass(frozen=True, slots=True)
class _Noted:
    account_id: uuid.UUID
    thing: Outgoing
    attempt: Attempt


def send_document(station: Station, *, document_id: uuid.UUID) -> bool:
    """Send it, if it is to be sent now. False where it is not there yet.

    Raises:
        NotFound: no such document. Busy: somebody sends it already.
    """
    with locked(station.engine, AdvisoryLock.DOCUMENT_SENDING, document_id):
        noted = _note(station, document_id)
        if noted is None:
            return False
        try:
            added = _add(station, noted)
        except Failure as failure:
            _note_failure(station, document_id, noted, failure)
            return False
        _note_sent(station, document_id, added)
    return True


def _note(station: Station, document_id: uuid.UUID) -> _Noted | None:
    """Durably: from now on an attempt may arrive. None where it is not to be made now."""
    with station.work() as work:
        row = find_document(work, document_id, lock=True)
        if row.state not in ("waiting", "sending") or not _sendable(work, row):
            return None
        repeated = row.maybe_done
        row.state, row.maybe_done, row.tried_at = "sending", True, work.now
        row.first_tried_at = row.first_tried_at or work.now
        row.attempts += 1
        thing = open_content(work, station.vault, row)
        attempt = Attempt(f"{_MARK}{row.id.hex}", row.first_tried_at, repeated)
        return _Noted(row.account_id, thing, attempt)


def _sendable(work: UnitOfWork, row: OutgoingDocument) -> bool:
    account = find_account(work, row.account_id)
    if AccountState(account.state) not in READING:
        row.state = "waiting"
        return False
    settles = row.tried_at + SETTLED if row.maybe_done and row.tried_at else None
    not_before = connection_of(work, row.account_id).not_before
    later = max(filter(None, (settles, not_before)), default=None)
    if later is not None and later > work.now:
        _again(work, row, later)
        return False
    return True


def _add(station: Station, noted: _Noted) -> Added:
    opened = open_account(station, account_id=noted.account_id)
    if not isinstance(opened.connection, Adding):
        raise NothingAdded(log="no way to add")
    return opened.connection.add(noted.thing, noted.attempt)


def _note_sent(station: Station, document_id: uuid.UUID, added: Added) -> None:
    with station.work() as work:
        row = find_document(work, document_id, lock=True)
        row.state, row.external_id, row.sent_at = "sent", added.external_id, work.now
        row.content_sealed = row.failure_code = row.failure_kind = row.failure_text = None
        facts: dict[str, str | int] = {"kind": row.kind, "found": added.found}
        facts["attempts"] = row.attempts
        record(work, Event.DOCUMENT_SENT, subject=row.id, facts=facts)


def _note_failure(
    station: Station, document_id: uuid.UUID, noted: _Noted, failure: Failure
) -> None:
    with station.work() as work:
        row = find_document(work, document_id, lock=True)
        row.maybe_done = noted.attempt.repeated or failure.maybe_done
        row.failure_code, row.failure_kind = failure.code, failure.kind.value
        row.failure_text = failure.advice
        if _comes_back(row, failure):
            row.state = "waiting"
            pause = pause_after(failure, failures=row.attempts)
            _again(work, row, work.now + (max(pause, SETTLED) if row.maybe_done else pause))
        else:
            row.state = "failed"
            facts = {"kind": row.kind, "code": failure.code}
            record(work, Event.DOCUMENT_FAILED, subject=row.id, facts=facts)
        if failure.credential is CredentialDoubt.CERTAIN:
            account = find_account(work, noted.account_id, lock=True)
            note_failure(work, account, connection_of(work, noted.account_id), failure)


def _comes_back(row: OutgoingDocument, failure: Failure) -> bool:
    """What time or a new credential mends, and what is still in doubt."""
    if row.attempts >= MOST_ATTEMPTS:
        return False
    waits = failure.kind is FailureKind.TRANSIENT or failure.maybe_done
    return waits or failure.credential is not CredentialDoubt.NONE


def _again(work: UnitOfWork, row: OutgoingDocument, at: datetime) -> None:
    payload = {"document_id": str(row.id)}
    enqueue(work, name=JobName.OUTGOING_SEND, payload=payload, run_at=at)
