"""Leases: who may run a job, decided by one atomic update and by nothing that the queue says.

A ring can be lost, doubled, forged or years old. Whoever hears it asks here; one gets the
lease, the others get nothing. What a run leaves behind counts only while its token is still
the row's.
"""

import uuid
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, text

from privacy.core import clock


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to run one job once."""

    job_id: uuid.UUID
    tenant_id: uuid.UUID
    name: str
    attempt: int
    token: uuid.UUID


def take_lease(
    connection: Connection, *, job_id: uuid.UUID, attempt: int, lasts: timedelta
) -> Lease | None:
    """Begin a job that is due, at the attempt that it stands at; None where there is nothing to do.

    A lease that ran out is not taken over here: the sweep counts it as an attempt first, so a
    job that kills its worker each time comes to an end.
    """
    token = uuid.uuid4()
    found = connection.execute(
        _TAKE,
        {
            "id": job_id,
            "attempt": attempt,
            "token": token,
            "lasts": lasts,
            "offset": clock.offset(),
        },
    ).first()
    return Lease(job_id, found.tenant_id, found.name, found.attempt, token) if found else None


def keep_lease(connection: Connection, *, lease: Lease, lasts: timedelta) -> bool:
    """Extend a lease; False when it is no longer ours, and the run has to stop."""
    return _change(connection, _KEEP, lease, lasts=lasts)


def finish(connection: Connection, *, lease: Lease) -> bool:
    """The job is done; False when the lease went to somebody else meanwhile."""
    return _change(connection, _FINISH, lease, offset=clock.offset())


def try_later(connection: Connection, *, lease: Lease, code: str, delay: timedelta) -> bool:
    """The attempt failed with `code`; the next is due after `delay`."""
    return _change(connection, _LATER, lease, code=code, due=clock.offset() + delay)


def give_up(connection: Connection, *, lease: Lease, code: str) -> bool:
    """The job is dead, with the reason `code`: people see it and may run it again.

    Args:
        connection: of the app role, bound to the job's tenant, so that its ledger hears of it in
            the same commit.
    """
    return _change(connection, _DEAD, lease, code=code, offset=clock.offset())


def _change(connection: Connection, statement: object, lease: Lease, **values: object) -> bool:
    given = {"id": lease.job_id, "tenant": lease.tenant_id, "token": lease.token} | values
    return connection.execute(statement, given).rowcount == 1  # type: ignore[call-overload,no-any-return]


_MINE = "WHERE tenant_id = :tenant AND id = :id AND state = 'running' AND lease_token = :token"
_FREE = "lease_token = NULL, lease_until = NULL"

_TAKE = text(
    "UPDATE outbox_jobs SET state = 'running', lease_token = :token, "
    "lease_until = statement_timestamp() + :lasts "
    "WHERE id = :id AND attempt = :attempt AND state IN ('waiting', 'rung') "
    "AND run_at <= statement_timestamp() + :offset RETURNING tenant_id, name, attempt"
)
_KEEP = text(f"UPDATE outbox_jobs SET lease_until = statement_timestamp() + :lasts {_MINE}")
_FINISH = text(
    f"UPDATE outbox_jobs SET state = 'done', finished_at = statement_timestamp() + :offset, "
    f"failure_code = NULL, {_FREE} {_MINE}"
)
_LATER = text(
    f"UPDATE outbox_jobs SET state = 'waiting', attempt = attempt + 1, failure_code = :code, "
    f"run_at = statement_timestamp() + :due, {_FREE} {_MINE}"
)
# The application may not touch a lease; a dead job's ends by itself (a trigger of the table).
_DEAD = text(
    f"UPDATE outbox_jobs SET state = 'dead', finished_at = statement_timestamp() + :offset, "
    f"failure_code = :code {_MINE}"
)
