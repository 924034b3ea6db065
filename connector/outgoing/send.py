"""Send one document: noted before, looked for after a doubt, never twice.

The note that an attempt begins is committed before anything is sent. A process that dies then
leaves the note, and whoever comes next looks whether the document is there, but not too soon:
what nobody answered may still be being worked on.

Attempts of a document are one chain, whoever rings: `next_at` says when the next one may begin,
and beginning it moves the moment on. Whatever goes wrong, the chain ends: a document that was
tried too often is parked with the reason, until somebody has it tried again.
"""

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from connector.accounts.find import find_account
from connector.accounts.pending import connection_of
from connector.accounts.states import READING, AccountState
from connector.outbound.failures import CredentialDoubt, Failure, FailureKind, SystemFailure
from connector.outgoing.abouts import is_restricted
from connector.outgoing.contents import open_content
from connector.outgoing.models import OutgoingDocument
from connector.outgoing.request import SETTLED, enqueue_sending, find_document
from connector.providers.sending import Added, Adding, Attempt
from connector.syncs.backoff import pause_after
from connector.syncs.locks import locked
from connector.syncs.openings import open_account
from connector.syncs.stations import Station
from connector.syncs.verdicts import note_failure
from privacy.core.db.locks import AdvisoryLock
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Gone
from privacy.core.logs import get_log
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.vault.errors import OpenError

MOST_ATTEMPTS: Final = 40
MOST_BROKEN: Final = 5
"""Attempts that end in an error of our own."""
_MARK = "SILTA-"
_WAITING: Final = ("waiting", "sending")

_log = get_log("worker")


class NothingAdded(SystemFailure):
    """Systems of this kind take nothing from us."""

    code = "nothing_added_there"
    message = "Nothing can be added in this system."


class SendingBroke(SystemFailure):
    """Something that no part of ours foresees."""

    code = "sending_broke"
    message = (
        "Something went wrong on our side while it was being sent. Try again; if it stays so, "
        "tell whoever runs Silta."
    )


class TriedTooOften(SystemFailure):
    """Attempts that nobody saw the end of: processes died, again and again."""

    code = "tried_too_often"
    message = "It was tried many times, and no attempt came to an end. Look there, then try again."


class PersonRestricted(SystemFailure):
    """Somebody's data is only stored for the time being (GDPR Art. 18(2))."""

    code = "processing_restricted"
    message = "The use of this person's data is restricted. Try again when that has ended."


@dataclass(frozen=True, slots=True)
class _Noted:
    document_id: uuid.UUID
    account_id: uuid.UUID
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
            _note_failure(station, noted, failure)
            return False
        # Everything, on purpose: an error that escaped would leave the note "sending" and no word
        # of why. The row counts it instead, as one of ours, and is parked after a few.
        except Exception:  # noqa: BLE001
            _log.error("sending broke", job_id=document_id, exc_info=True)
            broke = SendingBroke(log="unforeseen", maybe_done=True)
            _note_failure(station, noted, broke)
            return False
        _note_sent(station, document_id, added)
    return True


def _note(station: Station, document_id: uuid.UUID) -> _Noted | None:
    """Durably: from now on an attempt may arrive. None where it is not to be made now."""
    with station.work() as work:
        row = find_document(work, document_id, lock=True)
        if row.state not in _WAITING or not _is_due(work, row):
            return None
        if row.attempts >= MOST_ATTEMPTS:
            _park(work, row, TriedTooOften(log="many attempts"))
            return None
        # What may be there already is looked for all the same, so that nobody stays in doubt.
        if not row.maybe_done and _is_withheld(work, station, row):
            _park(work, row, PersonRestricted(log="restricted"))
            return None
        repeated = row.maybe_done
        row.state, row.maybe_done, row.tried_at = "sending", True, work.now
        row.first_tried_at = row.first_tried_at or work.now
        row.next_at = work.now + SETTLED
        row.attempts += 1
        attempt = Attempt(f"{_MARK}{row.id.hex}", row.first_tried_at, repeated)
        return _Noted(row.id, row.account_id, attempt)


def _is_withheld(work: UnitOfWork, station: Station, row: OutgoingDocument) -> bool:
    """Whether it is about somebody whose data is stored only. What cannot be opened fails as an
    attempt, and is counted as one."""
    try:
        thing = open_content(work, station.vault, row)
    except (OpenError, Gone):
        return False
    return is_restricted(work, station.vault, row.account_id, thing)


def _is_due(work: UnitOfWork, row: OutgoingDocument) -> bool:
    if row.next_at is not None and row.next_at > work.now:
        return False
    account = find_account(work, row.account_id)
    if AccountState(account.state) not in READING:
        row.state = "waiting"
        return False
    not_before = connection_of(work, row.account_id).not_before
    if not_before is not None and not_before > work.now:
        enqueue_sending(work, row, at=not_before)
        return False
    return True


def _add(station: Station, noted: _Noted) -> Added:
    with station.work() as work:
        thing = open_content(work, station.vault, find_document(work, noted.document_id))
    opened = open_account(station, account_id=noted.account_id)
    if not isinstance(opened.connection, Adding):
        raise NothingAdded(log="no way to add")
    return opened.connection.add(thing, noted.attempt)


def _note_sent(station: Station, document_id: uuid.UUID, added: Added) -> None:
    with station.work() as work:
        row = find_document(work, document_id, lock=True)
        row.state, row.external_id, row.sent_at = "sent", added.external_id, work.now
        row.content_sealed = row.failure_code = row.failure_kind = row.failure_text = None
        row.next_at = None
        facts: dict[str, str | int] = {"kind": row.kind, "found": added.found}
        facts["attempts"] = row.attempts
        record(work, Event.DOCUMENT_SENT, subject=row.id, facts=facts)


def _note_failure(station: Station, noted: _Noted, failure: Failure) -> None:
    with station.work() as work:
        row = find_document(work, noted.document_id, lock=True)
        row.maybe_done = noted.attempt.repeated or failure.maybe_done
        if _comes_back(row, failure):
            row.state = "waiting"
            _explain(row, failure)
            enqueue_sending(work, row, at=work.now + _pause(row, failure))
        else:
            _park(work, row, failure)
        if failure.credential is CredentialDoubt.CERTAIN:
            account = find_account(work, noted.account_id, lock=True)
            note_failure(work, account, connection_of(work, noted.account_id), failure)


def _comes_back(row: OutgoingDocument, failure: Failure) -> bool:
    """What time or a new credential mends, and what is still in doubt."""
    if row.attempts >= (MOST_BROKEN if isinstance(failure, SendingBroke) else MOST_ATTEMPTS):
        return False
    waits = failure.kind is FailureKind.TRANSIENT or failure.maybe_done
    return waits or failure.credential is not CredentialDoubt.NONE


def _pause(row: OutgoingDocument, failure: Failure) -> timedelta:
    pause = pause_after(failure, failures=row.attempts)
    return max(pause, SETTLED) if row.maybe_done else pause


def _park(work: UnitOfWork, row: OutgoingDocument, failure: Failure) -> None:
    """Nothing more is tried until somebody says so; the content is kept for that."""
    row.state, row.next_at = "failed", None
    _explain(row, failure)
    facts = {"kind": row.kind, "code": failure.code}
    record(work, Event.DOCUMENT_FAILED, subject=row.id, facts=facts)


def _explain(row: OutgoingDocument, failure: Failure) -> None:
    row.failure_code, row.failure_kind = failure.code, failure.kind.value
    row.failure_text = failure.advice
