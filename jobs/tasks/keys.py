"""keys.ahead: day keys and partitions of the days to come, so that no request waits for them."""

from jobs.contexts import TaskContext
from privacy.retention.partitions import ensure_partitions
from privacy.retention.rules import day_rules, longest_keep
from privacy.vault.days_ahead import make_days_ahead


def make_ahead(context: TaskContext) -> None:
    """Make what is missing; no payload."""
    house, rules = context.house, day_rules()
    ensure_partitions(house.engines.owner, keep_days=longest_keep(rules))
    make_days_ahead(house.engines.keeper, house.custody, kinds=[rule.kind for rule in rules])
