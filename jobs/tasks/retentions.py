"""retention.run and retention.delete: what is due ends."""

from connector.calls.delete_ended import delete_ended, ended_days
from connector.calls.keeping import KIND, SERVICE
from jobs.contexts import TaskContext
from jobs.tasks.rounds import each_tenant
from privacy.retention.rules import Shorter
from privacy.retention.run import run_retention
from tenants.tenants.keeping import chosen_call_days


def run(context: TaskContext) -> None:
    """Keys, epoch and partitions of every tenant; no payload. Killed, it is simply run again."""
    house = context.house
    run_retention(house.engines, house.custody, shorter=shorter_choices(context))


def delete(context: TaskContext) -> None:
    """Rows of the tenant's own shorter days, a day to a transaction; no payload."""
    with context.work() as work:
        days = list(ended_days(work))
    for day in days:
        with context.work() as work:
            delete_ended(work, day=day)


def shorter_choices(context: TaskContext) -> list[Shorter]:
    """Every tenant that keeps its calls for fewer days than the profile allows."""
    chosen = [(work.tenant_id, chosen_call_days(work)) for work in each_tenant(context)]
    return [Shorter(tenant, SERVICE, KIND, days) for tenant, days in chosen if days is not None]
