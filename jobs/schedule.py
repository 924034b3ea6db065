"""The schedule: what runs when, in UTC, and the slots that are due.

A slot becomes an outbox job of the installation with the slot in its deduplication key. So it
is written once, however many schedulers look, and one that was missed is caught up: whoever
looks next adds the newest slot that has passed, unless it is there already.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from croniter import croniter
from sqlalchemy import Engine

from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.db.work import SYSTEM, UnitOfWork, unit_of_work
from privacy.core.outbox.enqueue import enqueue
from privacy.core.outbox.names import JobName


@dataclass(frozen=True, slots=True)
class Entry:
    """A job and its times (`minute hour day month weekday`, UTC).

    Slots must come more often than done jobs are pruned, or one would run twice.
    """

    name: JobName
    times: str

    def slot(self, now: datetime) -> datetime:
        """The newest slot that is not after `now`."""
        at: datetime = croniter(self.times, now.astimezone(UTC)).get_prev(datetime)
        following: datetime = croniter(self.times, at).get_next(datetime)
        return following if following <= now else at


SCHEDULE: Sequence[Entry] = (
    Entry(JobName.RETENTION_RUN, "2 0 * * *"),
    # Often enough that no day ends uncounted, and early enough to try again.
    Entry(JobName.CALLS_COUNT, "33 2,14,21 * * *"),
    Entry(JobName.KEYS_AHEAD, "7 * * * *"),
    Entry(JobName.LEDGER_VERIFY, "17 3 * * *"),
    Entry(JobName.BACKUP_RUN, "37 * * * *"),
    Entry(JobName.BACKUP_WATCH, "52 * * * *"),
    Entry(JobName.EXPIRED_SWEEP, "41 * * * *"),
    Entry(JobName.SUBSCRIPTIONS_END, "23 1 * * *"),
    Entry(JobName.SUBJECTS_DUE, "11 5 * * *"),
    Entry(JobName.NOTICES_PUBLISH, "29 * * * *"),
    Entry(JobName.MAILBOXES_READ, "1-59/3 * * * *"),
    Entry(JobName.EXPORTS_DUE, "19 * * * *"),
    Entry(JobName.INQUIRIES_ASK, "31 6 * * *"),
    Entry(JobName.CHECKS_RUN, "53 3 * * *"),
    Entry(JobName.BREACHES_DUE, "4-54/10 * * * *"),
    Entry(JobName.PROMISES_EXAMINE, "37 4 * * *"),
    Entry(JobName.SYNC_DUE, "*/5 * * * *"),
    Entry(JobName.WATCHES_DUE, "9-59/20 * * * *"),
    Entry(JobName.ACCOUNTS_PROBE, "3-58/5 * * * *"),
)


@dataclass
class Schedule:
    """Turns slots that are due into jobs."""

    engine: Engine
    entries: Sequence[Entry] = SCHEDULE
    _added: dict[JobName, datetime] = field(default_factory=dict)

    def add_due(self) -> int:
        """Add a job for each entry's newest slot unless it was added before; how many were new."""
        with unit_of_work(self.engine, tenant_id=INSTALLATION_ID, actor=SYSTEM) as work:
            slots = {entry.name: entry.slot(work.now) for entry in self.entries}
            due = {name: slot for name, slot in slots.items() if self._added.get(name) != slot}
            added = sum(_add(work, name, slot) for name, slot in due.items())
        self._added |= due
        return added


def _add(work: UnitOfWork, name: JobName, slot: datetime) -> bool:
    key = f"{name}@{slot:%Y-%m-%dT%H:%MZ}"
    return enqueue(work, name=name, dedupe_key=key) is not None
