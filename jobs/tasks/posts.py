"""posts.record: single posts, said in the ledger minute by minute."""

from connector.calls.minutes import record_minutes
from jobs.contexts import TaskContext


def record(context: TaskContext) -> None:
    """Say the tenant's closed minutes; no payload."""
    with context.work() as work:
        record_minutes(work)
