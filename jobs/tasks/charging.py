"""calls.count: calls of days that are over, counted without people before their days end."""

from functools import partial

from connector.charging.count import count_days
from jobs.contexts import TaskContext
from jobs.tasks.rounds import go_round


def count(context: TaskContext) -> None:
    """Count for every tenant; no payload."""
    go_round(context, partial(count_days, vault=context.house.vault))
