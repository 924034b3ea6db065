"""The runner: what happens when a bell is heard. The lease decides, whatever the bell says."""

import uuid
from collections.abc import Callable, Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, select

from jobs.contexts import House, Task, TaskContext
from jobs.limits import Interrupted, limited
from jobs.policy import Policy, code_of, is_final, policy_of
from privacy.core.clock import monotonic
from privacy.core.db.engine import Engines
from privacy.core.db.work import Actor, ActorKind, unit_of_work
from privacy.core.logs import get_log
from privacy.core.outbox.leases import Lease, finish, give_up, take_lease, try_later
from privacy.core.outbox.models import OutboxJob
from privacy.core.outbox.names import JobName
from privacy.ledger.events import Event
from privacy.ledger.record import record

_log = get_log("worker")

LEASE = timedelta(seconds=15)
"""How long after a worker's death its job rings again. Kept up while a run works."""


class Outcome(StrEnum):
    """How hearing a bell ended."""

    NOTHING = "nothing"
    DONE = "done"
    LATER = "later"
    DEAD = "dead"
    LOST = "lost"


class NoSuchTask(Exception):
    """This version of the service does not know the job's name."""


def run_outbox_job(
    *,
    job_id: uuid.UUID,
    attempt: int,
    house: House,
    tasks: Mapping[JobName, Task],
    lease_lasts: timedelta = LEASE,
) -> Outcome:
    """Run one attempt of one job, if it is due, at this attempt, and nobody else runs it.

    Call it after the fork, with a house of this process's own. Replayed, forged and doubled
    bells end here with NOTHING. An exception of the task never leaves this function: its type
    or code becomes the reason, its text goes nowhere.
    """
    with house.engines.relay.begin() as connection:
        lease = take_lease(connection, job_id=job_id, attempt=attempt, lasts=lease_lasts)
    if lease is None:
        _log.info("bell without a job", job_id=job_id, attempt=attempt)
        return Outcome.NOTHING
    begun = monotonic()
    outcome = _run(lease, house, tasks, lease_lasts)
    took = round((monotonic() - begun) * 1000)
    _log.info(
        "job", job=lease.name, job_id=job_id, attempt=attempt, state=outcome, duration_ms=took
    )
    return outcome


def _run(
    lease: Lease, house: House, tasks: Mapping[JobName, Task], lease_lasts: timedelta
) -> Outcome:
    policy, engines = policy_of(lease.name), house.engines
    try:
        with limited(engines.relay, lease, lasts=lease_lasts, timeout=policy.timeout):
            _perform(lease, house, tasks)
    except (Exception, Interrupted, SystemExit) as error:  # noqa: BLE001
        return _fail(lease, engines, policy, error)
    with engines.relay.begin() as connection:
        return Outcome.DONE if finish(connection, lease=lease) else Outcome.LOST


def _perform(lease: Lease, house: House, tasks: Mapping[JobName, Task]) -> None:
    if lease.name not in set(tasks):
        raise NoSuchTask
    context = TaskContext(
        house=house,
        job_id=lease.job_id,
        tenant_id=lease.tenant_id,
        name=lease.name,
        attempt=lease.attempt,
        payload=_read_payload(lease, house.engines),
    )
    tasks[JobName(lease.name)](context)


def _read_payload(lease: Lease, engines: Engines) -> Mapping[str, Any]:
    actor = Actor(ActorKind.JOB, lease.job_id)
    with unit_of_work(engines.app, tenant_id=lease.tenant_id, actor=actor) as work:
        payload: Mapping[str, Any] = work.connection.execute(
            select(OutboxJob.payload).where(
                OutboxJob.tenant_id == lease.tenant_id,
                OutboxJob.id == lease.job_id,
                OutboxJob.name == lease.name,
            )
        ).scalar_one()
    return payload


def _fail(lease: Lease, engines: Engines, policy: Policy, error: BaseException) -> Outcome:
    code = error.code if isinstance(error, Interrupted) else code_of(error)
    _log.warning("attempt failed", job=lease.name, job_id=lease.job_id, code=code, exc_info=True)
    if is_final(error) or lease.attempt + 1 >= policy.attempts:
        return _die(lease, engines, code)
    delay = policy.delay(lease.attempt)
    with engines.relay.begin() as connection:
        put = try_later(connection, lease=lease, code=code, delay=delay)
    return Outcome.LATER if put else Outcome.LOST


def _die(lease: Lease, engines: Engines, code: str) -> Outcome:
    def end(connection: Connection) -> bool:
        return give_up(connection, lease=lease, code=code)

    died = record_death(
        engines, end, tenant_id=lease.tenant_id, job_id=lease.job_id, name=lease.name
    )
    return Outcome.DEAD if died else Outcome.LOST


def record_death(
    engines: Engines,
    end: Callable[[Connection], bool],
    *,
    tenant_id: uuid.UUID,
    job_id: uuid.UUID,
    name: str,
) -> bool:
    """Give a job up by `end` and tell its tenant's ledger, in one commit; False where `end` says
    that it is not to be given up any more."""
    actor = Actor(ActorKind.JOB, job_id)
    with unit_of_work(engines.app, tenant_id=tenant_id, actor=actor) as work:
        if not end(work.connection):
            return False
        record(work, Event.JOB_DIED, subject=job_id, facts={"job": name})
    _log.error("job is dead", job=name, job_id=job_id, tenant_id=tenant_id)
    return True
