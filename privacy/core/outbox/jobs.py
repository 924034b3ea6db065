"""What people see of the jobs: envelopes and reasons, and the dead ones put back in line."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select, update

from privacy.core.db.work import UnitOfWork
from privacy.core.errors import NotFound
from privacy.core.outbox.models import STATES, OutboxJob
from privacy.core.outbox.names import JobName
from privacy.ledger.events import Event
from privacy.ledger.record import record

_CAUGHT_UP: Final = timedelta(minutes=10)
"""What was missed while everything stood still is asked for at once; it gets so long."""


@dataclass(frozen=True, slots=True)
class JobRow:
    """One job, without its payload. `reason` says why its last attempt failed."""

    id: uuid.UUID
    name: str
    queue: str
    state: str
    attempt: int
    run_at: datetime
    created_at: datetime
    finished_at: datetime | None
    reason: str | None


def list_jobs(work: UnitOfWork, *, state: str, limit: int = 100) -> Sequence[JobRow]:
    """Jobs of `work`'s tenant in `state`, newest first."""
    job = OutboxJob
    query = (
        select(
            *(job.id, job.name, job.queue, job.state, job.attempt, job.run_at, job.created_at),
            *(job.finished_at, job.failure_code),
        )
        .where(job.tenant_id == work.tenant_id, job.state == state)
        .order_by(job.id.desc())
        .limit(limit)
    )
    return [JobRow(*row) for row in work.connection.execute(query)]


def count_jobs(work: UnitOfWork) -> dict[str, int]:
    """How many jobs `work`'s tenant has in each state; every state is named."""
    query = (
        select(OutboxJob.state, func.count())
        .where(OutboxJob.tenant_id == work.tenant_id)
        .group_by(OutboxJob.state)
    )
    found = {row.state: row[1] for row in work.connection.execute(query)}
    return {state: found.get(state, 0) for state in STATES}


def just_asked(work: UnitOfWork, name: JobName) -> bool:
    """Whether `work`'s tenant has a job of this name in line since a moment ago, or running.

    After a pause of the whole installation everything that was missed is in line at once, and
    whoever looks whether it was done in time may come first.
    """
    job = OutboxJob
    query = select(job.id).where(
        job.tenant_id == work.tenant_id,
        job.name == name.value,
        job.state.in_(("waiting", "rung", "running")),
        job.created_at > work.now - _CAUGHT_UP,
    )
    return work.session.scalars(query.limit(1)).first() is not None


def retry_dead(work: UnitOfWork, *, job_id: uuid.UUID) -> None:
    """Put a dead job back in line, with all its attempts before it.

    Raises:
        NotFound: this tenant has no such job, or it is not dead (any more).
    """
    revived = work.connection.execute(
        update(OutboxJob)
        .where(
            OutboxJob.tenant_id == work.tenant_id,
            OutboxJob.id == job_id,
            OutboxJob.state == "dead",
        )
        .values(state="waiting", attempt=0, run_at=work.now, finished_at=None)
    )
    if revived.rowcount != 1:
        raise NotFound("There is no dead job under this address; it may run already.")
    record(work, Event.JOB_RETRIED, subject=job_id)
