"""Read what is due of an account, a stream after the other; then say how the account stands."""

import uuid
from collections.abc import Sequence

from connector.accounts.find import find_account
from connector.accounts.pending import connection_of
from connector.accounts.states import READING, AccountState
from connector.outbound.failures import CredentialDoubt, Failure
from connector.syncs.backoff import pause_after
from connector.syncs.locks import locked
from connector.syncs.models import AccountStream
from connector.syncs.openings import open_account
from connector.syncs.run_stream import Ended, RunOutcome, run_stream
from connector.syncs.stations import Station
from connector.syncs.streams import list_streams
from connector.syncs.verdicts import note_failure, note_working
from privacy.core.db.locks import AdvisoryLock
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import NotFound

_ROUNDS = 3


def run_account(station: Station, *, account_id: uuid.UUID) -> list[Ended]:
    """Read every stream that is due. One that fails leaves the others theirs.

    Returns:
        What came of each; none where nothing is due, or the account is not to be asked now.

    Raises:
        NotFound: no such account. Busy: somebody reads it already.
    """
    ended: list[Ended] = []
    with locked(station.engine, AdvisoryLock.ACCOUNT_READING, account_id):
        # Whoever asks for a run meanwhile finds the lock taken: so look again, but not for ever.
        due = _due(station, account_id)
        for _ in range(_ROUNDS):
            if not due:
                break
            ended += _round(station, account_id, due)
            due = _due_still(station, account_id)
    return ended


def _round(station: Station, account_id: uuid.UUID, due: Sequence[str]) -> list[Ended]:
    try:
        opened = open_account(station, account_id=account_id)
    except Failure as failure:
        _judge(station, account_id, [], failure)
        return []
    ended: list[Ended] = []
    for stream in due:
        try:
            ended.append(run_stream(station, opened, stream=stream))
        except NotFound:
            break  # Somebody disconnected it meanwhile.
        if _ends_all(ended[-1].failure):
            break
    _judge(station, account_id, ended, None)
    return ended


def due_streams(work: UnitOfWork, account_id: uuid.UUID) -> list[str]:
    """Names of the streams that may and should be read now."""
    account, connection = find_account(work, account_id), connection_of(work, account_id)
    if AccountState(account.state) not in READING:
        return []
    if connection.not_before is not None and connection.not_before > work.now:
        return []
    return [row.stream for row in list_streams(work, account_id) if _is_due(work, row)]


def _is_due(work: UnitOfWork, row: AccountStream) -> bool:
    waits = row.next_due_at is None or row.next_due_at > work.now
    return row.available and not row.paused and not waits


def _due(station: Station, account_id: uuid.UUID) -> list[str]:
    with station.work() as work:
        return due_streams(work, account_id)


def _due_still(station: Station, account_id: uuid.UUID) -> list[str]:
    """None where the account was disconnected meanwhile."""
    try:
        return _due(station, account_id)
    except NotFound:
        return []


def _ends_all(failure: Failure | None) -> bool:
    """What concerns the account, not the stream: a credential, or a wish to be left alone."""
    if failure is None:
        return False
    return failure.credential is CredentialDoubt.CERTAIN or bool(failure.retry_after)


def _judge(
    station: Station, account_id: uuid.UUID, ended: Sequence[Ended], failure: Failure | None
) -> None:
    with station.work() as work:
        try:
            account = find_account(work, account_id, lock=True)
        except NotFound:
            return
        connection = connection_of(work, account_id)
        worst = worst_of([failure] if failure else [one.failure for one in ended if one.failure])
        works = any(each.outcome is RunOutcome.DONE for each in ended)
        if worst is not None and (not works or worst.credential is CredentialDoubt.CERTAIN):
            note_failure(work, account, connection, worst)
        elif works:
            note_working(work, account, connection, failing=_failing(work, account_id))
            if worst is not None and worst.retry_after:
                # A wish to be left alone is the whole account's, whichever stream heard it.
                connection.not_before = work.now + pause_after(worst, failures=1)


def worst_of(failures: Sequence[Failure]) -> Failure | None:
    """The one that says most: of the credential, of a wish to wait, or the first."""
    if not failures:
        return None
    doubts = list(CredentialDoubt)
    return max(failures, key=lambda one: (doubts.index(one.credential), one.retry_after or 0))


def _failing(work: UnitOfWork, account_id: uuid.UUID) -> list[AccountStream]:
    """Streams that should be read and cannot; of those not due now, since their last run."""
    rows = list_streams(work, account_id)
    return [row for row in rows if row.failure_code and row.available and not row.paused]
