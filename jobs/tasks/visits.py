"""session.resolve: look a visitor's address up, so that nobody waits for it."""

from jobs.contexts import TaskContext
from tenants.usages.resolve import resolve_usage


def resolve(context: TaskContext) -> None:
    """Payload: day, usage_id."""
    day, usage_id = context.day_of("day"), context.id_of("usage_id")
    resolve_usage(context.house.desk, day=day, usage_id=usage_id)
