"""Read what was kept of an account's documents again, by the mapping as it is now.

A run in the account's history shows each stream's progress. Nothing is asked of the system.
"""

import uuid
from dataclasses import dataclass, field

from sqlalchemy import select, update

from connector.accounts.find import find_account
from connector.accounts.kinds import AccountKind
from connector.providers.pulled import PROVIDERS
from connector.providers.rereading import NothingKept, rereads_calls
from connector.synced.registry import SHELVES
from connector.synced.remap import Remapping, remap_records
from connector.synced.sinks import Saved
from connector.syncs.models import SyncRun
from connector.syncs.run_stream import RunOutcome
from connector.syncs.stations import Station
from privacy.core.db.work import UnitOfWork
from privacy.core.ids import new_id
from privacy.core.outbox.enqueue import enqueue
from privacy.core.outbox.names import JobName

MODE = "remap"


def remap_job_of(kind: AccountKind) -> JobName | None:
    """The job that maps kept documents of such accounts again; None where none can."""
    provider = PROVIDERS.get(kind)
    if provider is not None and any(stream.kind in SHELVES for stream in provider.streams):
        return JobName.RECORDS_REMAP
    return JobName.CALLS_REMAP if rereads_calls(kind) else None


def request_remap(work: UnitOfWork, *, account_id: uuid.UUID) -> None:
    """Have a job do it. Asked for twice at once, it is done once.

    Raises:
        NotFound: no such account. NothingKept: there is nothing to be read again.
    """
    name = remap_job_of(AccountKind(find_account(work, account_id).kind))
    if name is None:
        raise NothingKept
    key = f"{name.value}:{account_id}:{work.now:%Y%m%d%H%M}"
    enqueue(work, name=name, payload={"account_id": str(account_id)}, dedupe_key=key)


def remap_account(station: Station, *, account_id: uuid.UUID) -> Saved:
    """Map an asked account's records again. Killed anywhere, it is simply run again.

    Raises:
        NotFound: no such account. NothingKept: it is not asked for records.
    """
    with station.work() as work:
        kind = AccountKind(find_account(work, account_id).kind)
        _bury(work, account_id)
    if remap_job_of(kind) is not JobName.RECORDS_REMAP:
        raise NothingKept
    progress = _Progress(station, account_id)
    outcome = RunOutcome.INTERRUPTED
    try:
        total = remap_records(
            Remapping(
                station.engine,
                station.vault,
                station.tenant_id,
                station.actor,
                account_id,
                PROVIDERS[kind],
            ),
            on_progress=progress.note,
        )
        outcome = RunOutcome.DONE
    finally:
        progress.end(outcome)
    return total


@dataclass
class _Progress:
    """One run for each stream, in the account's history."""

    station: Station
    account_id: uuid.UUID
    runs: dict[str, uuid.UUID] = field(default_factory=dict)

    def note(self, stream: str, saved: Saved) -> None:
        """A batch was saved."""
        with self.station.work() as work:
            run = self._run(work, stream)
            run.pages += 1
            run.changed += saved.changed
            run.unchanged += saved.unchanged
            run.refused += saved.refused
            run.progressed_at = work.now

    def end(self, outcome: RunOutcome) -> None:
        """Nothing comes any more."""
        with self.station.work() as work:
            ids = list(self.runs.values())
            work.session.execute(
                update(SyncRun)
                .where(SyncRun.id.in_(ids))
                .values(outcome=outcome.value, ended_at=work.now)
            )

    def _run(self, work: UnitOfWork, stream: str) -> SyncRun:
        known = self.runs.get(stream)
        if known is not None:
            return work.session.scalars(select(SyncRun).where(SyncRun.id == known)).one()
        run = SyncRun(
            tenant_id=work.tenant_id,
            id=new_id(),
            account_id=self.account_id,
            stream=stream,
            mode=MODE,
            outcome=RunOutcome.RUNNING.value,
            started_at=work.now,
            **dict.fromkeys(("pages", "changed", "unchanged", "refused"), 0),
        )
        work.session.add(run)
        self.runs[stream] = run.id
        return run


def _bury(work: UnitOfWork, account_id: uuid.UUID) -> None:
    """A run that was killed said nothing."""
    work.session.execute(
        update(SyncRun)
        .where(
            SyncRun.account_id == account_id,
            SyncRun.mode == MODE,
            SyncRun.outcome == RunOutcome.RUNNING.value,
        )
        .values(outcome=RunOutcome.INTERRUPTED.value, ended_at=work.now)
    )
