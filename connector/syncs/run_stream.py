"""Read one stream: pages from the network, each saved with its cursor in one transaction.

Whatever ends a run, the next one goes on after the last page that was saved.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from connector.accounts.find import find_account
from connector.accounts.states import READING, AccountState
from connector.outbound.failures import Failure, SystemFailure
from connector.providers.port import Cursor, Page
from connector.syncs.backoff import pause_after
from connector.syncs.models import AccountStream, SyncRun
from connector.syncs.openings import Opened
from connector.syncs.removals import RemovalDoubtful
from connector.syncs.save_page import save_page
from connector.syncs.stations import Station
from connector.syncs.streams import find_stream
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import NotFound
from privacy.core.ids import new_id
from privacy.core.logs import get_log
from privacy.ledger.events import Event
from privacy.ledger.record import record

_log = get_log("syncs")


class RunOutcome(StrEnum):
    """How a run stands."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    STOPPED = "stopped"


class ProviderBroke(SystemFailure):
    """An error in our own reading of the system, not a failure that the system told."""

    code = "provider_broke"
    message = "We could not read what this system sent. The error is ours; it was logged."


class NotSaved(SystemFailure):
    """What came could not be stored; the job that ran says why."""

    code = "not_saved"
    message = "We could not store what this system sent. The error is ours; it was logged."


@dataclass(frozen=True, slots=True)
class Ended:
    """What came of one run."""

    stream: str
    outcome: RunOutcome
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class _Begun:
    run_id: uuid.UUID
    cursor: Cursor | None
    now: datetime


def run_stream(station: Station, opened: Opened, *, stream: str) -> Ended:
    """Read `stream` of an opened account to its end; hold the account's reading lock meanwhile.

    Raises:
        NotFound: there is no such stream.
        Everything that is not the other side's fault: then the run counts as interrupted.
    """
    begun = _begin(station, opened.account.id, stream)
    failure: Failure | None = None
    outcome = RunOutcome.INTERRUPTED
    try:
        outcome = _read(station, opened, stream, begun)
    except Failure as error:
        outcome, failure = RunOutcome.FAILED, error
    except Exception as error:
        failure = NotSaved(log=type(error).__name__)
        raise
    finally:
        # A killed process does not come here: the next run finds what it left (see _begin).
        _end(station, opened.account.id, stream, begun, outcome, failure)
    return Ended(stream, outcome, failure)


def _read(station: Station, opened: Opened, stream: str, begun: _Begun) -> RunOutcome:
    for page in _pages(opened, stream, begun):
        if not _take(station, opened, stream, begun, page):
            return RunOutcome.STOPPED
    return RunOutcome.DONE


def _pages(opened: Opened, stream: str, begun: _Begun) -> Iterator[Page]:
    """The provider's pages; an error of its code is told as a failure of the system's kind."""
    try:
        yield from opened.connection.read(stream, begun.cursor, now=begun.now)
    except Failure:
        raise
    except Exception as error:  # noqa: BLE001
        _log.error("provider broke", account_id=opened.account.id, exc_info=True)
        raise ProviderBroke(log=type(error).__name__) from None


def _begin(station: Station, account_id: uuid.UUID, stream: str) -> _Begun:
    with station.work() as work:
        row = find_stream(work, account_id, stream, lock=True)
        _bury(work, row)
        if row.full_wanted:
            row.full_wanted, row.cursor, row.sweep_id = False, None, None
        full = row.cursor is None or row.sweep_id is not None
        run = SyncRun(
            tenant_id=work.tenant_id,
            id=new_id(),
            account_id=account_id,
            stream=stream,
            mode="full" if full else "incremental",
            outcome=RunOutcome.RUNNING.value,
            started_at=work.now,
        )
        work.session.add(run)
        row.run_id = run.id
        return _Begun(run.id, row.cursor, work.now)


def _bury(work: UnitOfWork, row: AccountStream) -> None:
    """A run that was killed said nothing. Nobody else runs: we hold the account's lock."""
    left = work.session.get(SyncRun, (row.tenant_id, row.run_id)) if row.run_id else None
    if left is not None and left.outcome == RunOutcome.RUNNING:
        left.outcome, left.ended_at = RunOutcome.INTERRUPTED.value, work.now


def _take(station: Station, opened: Opened, stream: str, begun: _Begun, page: Page) -> bool:
    """Save one page; False where somebody stopped this run meanwhile."""
    with station.work() as work:
        reading = _reading(work, opened.account.id)
        row = _still(work, opened.account.id, stream)
        if row is None or row.run_id != begun.run_id or row.paused or not reading:
            return False
        run = work.session.get_one(SyncRun, (work.tenant_id, begun.run_id))
        save_page(work, station, opened.account, row=row, run=run, page=page)
    return True


def _still(work: UnitOfWork, account_id: uuid.UUID, stream: str) -> AccountStream | None:
    """The stream, locked; None where its account was disconnected meanwhile."""
    try:
        return find_stream(work, account_id, stream, lock=True)
    except NotFound:
        return None


def _reading(work: UnitOfWork, account_id: uuid.UUID) -> bool:
    """Locked, and before the stream: whoever deletes the account waits for this page, and ends it
    with the rest."""
    try:
        return AccountState(find_account(work, account_id, lock=True).state) in READING
    except NotFound:
        return False


def _end(
    station: Station,
    account_id: uuid.UUID,
    stream: str,
    begun: _Begun,
    outcome: RunOutcome,
    failure: Failure | None,
) -> None:
    with station.work() as work:
        row = _still(work, account_id, stream)
        if row is None:
            return
        run = work.session.get_one(SyncRun, (work.tenant_id, begun.run_id))
        run.outcome, run.ended_at = outcome.value, work.now
        if failure is not None:
            run.failure_code, run.failure_kind = failure.code, failure.kind.value
        _tell(work, run)
        if row.run_id == begun.run_id:
            row.run_id = None
            _settle(work, row, outcome, failure)


def _settle(
    work: UnitOfWork, row: AccountStream, outcome: RunOutcome, failure: Failure | None
) -> None:
    if outcome is RunOutcome.DONE:
        row.failures, row.last_success_at = 0, work.now
        _note_done(work, row)
        # Somebody may have asked for everything while this was running.
        row.next_due_at = work.now if row.full_wanted else work.now + _every(row)
    elif failure is not None:
        row.failures += 1
        row.failing_since = row.failing_since or work.now
        row.failure_code, row.failure_kind = failure.code, failure.kind.value
        row.failure_text = failure.advice
        row.next_due_at = work.now + pause_after(failure, failures=row.failures)


def _note_done(work: UnitOfWork, row: AccountStream) -> None:
    """It was read; somebody may still have to say something about it."""
    if row.removal_waits is None:
        row.failing_since = row.failure_code = row.failure_kind = row.failure_text = None
        return
    row.failing_since = row.failing_since or work.now
    row.failure_code, row.failure_kind = RemovalDoubtful.code, RemovalDoubtful.kind.value
    row.failure_text = RemovalDoubtful.message


def _every(row: AccountStream) -> timedelta:
    return timedelta(minutes=row.every_minutes)


def _tell(work: UnitOfWork, run: SyncRun) -> None:
    facts: dict[str, str | int] = {
        "stream": run.stream,
        "mode": run.mode,
        "outcome": run.outcome,
        "created": run.created,
        "changed": run.changed,
        "unchanged": run.unchanged,
        "removed": run.removed,
        "refused": run.refused,
    }
    if run.failure_code:
        facts["failure"] = run.failure_code
    record(work, Event.SYNC_FINISHED, subject=run.account_id, facts=facts)
