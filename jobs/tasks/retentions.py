"""retention.run and retention.delete: what is due ends."""

from connector.calls.delete_ended import delete_ended, ended_days
from jobs.contexts import TaskContext
from privacy.retention.run import run_retention
from tenants.tenants.retentions import shorter_retentions


def run(context: TaskContext) -> None:
    """Keys, epoch and partitions of every tenant; no payload. Killed, it is simply run again."""
    house = context.house
    run_retention(house.engines, house.custody, shorter=shorter_retentions(house.desk))


def delete(context: TaskContext) -> None:
    """Rows of the tenant's own shorter days, a day to a transaction; no payload."""
    with context.work() as work:
        days = list(ended_days(work))
    for day in days:
        with context.work() as work:
            delete_ended(work, day=day)
