"""Sweeping: jobs whose worker died are put back in line, jobs long over are deleted."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, text

from privacy.core import clock

LAPSED = "worker_lost"
"""Why an attempt failed whose worker ended without a word."""

PRUNED_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class Lapse:
    """A job whose lease ran out."""

    tenant_id: uuid.UUID
    id: uuid.UUID
    name: str
    attempt: int


def reclaim(connection: Connection, *, attempts: Callable[[str], int]) -> list[Lapse]:
    """Count the attempt of every lease that ran out, and put its job in line.

    Args:
        attempts: how often a job of this name is tried at most.

    Returns:
        Those for which this was the last attempt: `bury` each, else they come again.
    """
    lapsed = [Lapse(*row) for row in connection.execute(_LAPSED)]
    if not lapsed:
        return []
    dead = [each for each in lapsed if each.attempt + 1 >= attempts(each.name)]
    again = [each.id for each in lapsed if each not in dead]
    connection.execute(_PUT_BACK, {"ids": again, "code": LAPSED})
    return dead


def bury(connection: Connection, lapse: Lapse) -> bool:
    """Put a job whose last lease ran out among the dead; False where that was done meanwhile.

    Args:
        connection: of the app role, bound to the job's tenant, so that its ledger hears of it in
            the same commit.
    """
    given = {"tenant": lapse.tenant_id, "id": lapse.id, "attempt": lapse.attempt}
    clocked = given | {"code": LAPSED, "offset": clock.offset()}
    return connection.execute(_BURY, clocked).rowcount == 1


def prune(connection: Connection, *, done: timedelta, dead: timedelta) -> int:
    """Delete jobs that were done or given up this long ago, `PRUNED_AT_ONCE` at most.

    Returns:
        How many went.
    """
    given = {"done": done, "dead": dead, "offset": clock.offset(), "limit": PRUNED_AT_ONCE}
    return connection.execute(_PRUNE, given).rowcount


_LAPSED = text(
    "SELECT tenant_id, id, name, attempt FROM outbox_jobs "
    "WHERE state = 'running' AND lease_until < statement_timestamp() "
    "LIMIT 1000 FOR UPDATE SKIP LOCKED"
)
_PUT_BACK = text(
    "UPDATE outbox_jobs SET state = 'waiting', attempt = attempt + 1, failure_code = :code, "
    "lease_token = NULL, lease_until = NULL WHERE id = ANY(:ids) AND state = 'running'"
)
_BURY = text(
    "UPDATE outbox_jobs SET state = 'dead', failure_code = :code, "
    "finished_at = statement_timestamp() + :offset "
    "WHERE tenant_id = :tenant AND id = :id AND attempt = :attempt AND state = 'running' "
    "AND lease_until < statement_timestamp()"
)
_PRUNE = text(
    "DELETE FROM outbox_jobs WHERE id IN (SELECT id FROM outbox_jobs WHERE "
    "(state = 'done' AND finished_at < statement_timestamp() + :offset - :done) OR "
    "(state = 'dead' AND finished_at < statement_timestamp() + :offset - :dead) LIMIT :limit)"
)
