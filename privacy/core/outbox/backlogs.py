"""How much waits, over all tenants: counts only, for `silta doctor`."""

from dataclasses import dataclass

from sqlalchemy import Connection, text

from privacy.core import clock


@dataclass(frozen=True, slots=True)
class Backlog:
    """Jobs that are not done. `late_seconds`: how long the oldest that is due has waited."""

    waiting: int
    rung: int
    running: int
    dead: int
    late_seconds: float


def read_backlog(connection: Connection) -> Backlog:
    """Count, as the relay role; the application sees one tenant's jobs at a time."""
    row = connection.execute(_COUNT, {"offset": clock.offset()}).one()
    return Backlog(row.waiting, row.rung, row.running, row.dead, float(row.late))


_COUNT = text(
    "SELECT count(*) FILTER (WHERE state = 'waiting') AS waiting, "
    "count(*) FILTER (WHERE state = 'rung') AS rung, "
    "count(*) FILTER (WHERE state = 'running') AS running, "
    "count(*) FILTER (WHERE state = 'dead') AS dead, "
    "coalesce(extract(epoch FROM statement_timestamp() + :offset - min(run_at) FILTER "
    "(WHERE state IN ('waiting', 'rung') AND run_at <= statement_timestamp() + :offset)), 0) "
    "AS late FROM outbox_jobs WHERE state <> 'done'"
)
