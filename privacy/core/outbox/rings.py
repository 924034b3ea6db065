"""Ringing: telling the queue that a job is due. The row is the job, the ring only says so.

Everything here runs as the relay, which sees the envelope of all tenants' jobs and no payload.
When a job is due goes by the installation's clock, which a development clock may shift; how long
a ring or a lease lasts goes by the database's own.
"""

import uuid
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, text

from privacy.core import clock


@dataclass(frozen=True, slots=True)
class Ring:
    """What the queue is told: which job, which of its attempts; and in which queue."""

    job_id: uuid.UUID
    attempt: int
    queue: str


def ring_due(connection: Connection, *, push: Callable[[Sequence[Ring]], None], limit: int) -> int:
    """Ring at most `limit` jobs that are due; several relays may do so at once.

    The rows are locked while `push` tells the queue, so a worker that is quicker than this
    transaction waits for it. If `push` raises, nothing has happened; if the commit fails, the
    same job is rung twice, and the lease decides.

    Returns:
        How many were rung.
    """
    rows = connection.execute(_DUE, {"offset": clock.offset(), "limit": limit}).all()
    if not rows:
        return 0
    push([Ring(row.id, row.attempt, row.queue) for row in rows])
    connection.execute(_RUNG, {"ids": [row.id for row in rows]})
    return len(rows)


def find_unheard(connection: Connection, *, after: timedelta) -> list[Ring]:
    """Jobs that were rung `after` ago or longer, and that nobody has begun."""
    rows = connection.execute(_UNHEARD, {"after": after}).all()
    return [Ring(row.id, row.attempt, row.queue) for row in rows]


def let_ring_again(connection: Connection, *, jobs: Collection[uuid.UUID]) -> int:
    """Put rung jobs back in line, as when Redis lost them; a begun one stays begun."""
    return connection.execute(_AGAIN, {"ids": list(jobs)}).rowcount


def keep_waiting(connection: Connection, *, jobs: Collection[uuid.UUID]) -> int:
    """Note that the queue still holds these; they are looked at again later."""
    return connection.execute(_STILL, {"ids": list(jobs)}).rowcount


_DUE = text(
    "SELECT id, attempt, queue FROM outbox_jobs "
    "WHERE state = 'waiting' AND run_at <= statement_timestamp() + :offset "
    "ORDER BY run_at LIMIT :limit FOR UPDATE SKIP LOCKED"
)
_RUNG = text(
    "UPDATE outbox_jobs SET state = 'rung', rung_at = statement_timestamp() "
    "WHERE id = ANY(:ids) AND state = 'waiting'"
)
_UNHEARD = text(
    "SELECT id, attempt, queue FROM outbox_jobs "
    "WHERE state = 'rung' AND rung_at <= statement_timestamp() - :after "
    "ORDER BY rung_at LIMIT 10000"
)
_AGAIN = text("UPDATE outbox_jobs SET state = 'waiting' WHERE id = ANY(:ids) AND state = 'rung'")
_STILL = text(
    "UPDATE outbox_jobs SET rung_at = statement_timestamp() WHERE id = ANY(:ids) AND state = 'rung'"
)
