"""Which data ends by its day's key, and after how many days."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final
from uuid import UUID

from privacy.core.db.declarations import Retention
from privacy.profiles import load_profiles
from privacy.vault.days_ahead import DayKind

BY_DAY: Final = MappingProxyType(
    {Retention.CALLS: False, Retention.SESSIONS: True, Retention.TECHNICAL: False}
)
"""Retentions that end by a day's key, and whether the data is the installation's own."""

CALLS: Final = DayKind("T", "calls")
"""Whose days a tenant may shorten: call records of the Moontalk Connector."""

OWN_SERVICE: Final = "console"
"""What the installation's own data is filed under: one sign-in serves all services."""


@dataclass(frozen=True, slots=True)
class DayRule:
    """One service's kind of data, kept `keep` calendar days, a day's own included."""

    kind: DayKind
    keep: int

    def last_due(self, today: date) -> date:
        """The newest day whose time is over when `today` is the day."""
        return today - timedelta(days=self.keep)


@dataclass(frozen=True, slots=True)
class Shorter:
    """A tenant's own choice: fewer days for one rule's data."""

    tenant_id: UUID
    service: str
    data: str
    keep: int


def day_rules() -> list[DayRule]:
    """The rules of every profile's data that is sealed by day.

    Of the installation's own data the strictest profile decides: it is nobody's alone.
    """
    kept: dict[DayKind, int] = {}
    for one in load_profiles().values():
        for data in one.data:
            if data.retention in BY_DAY and data.days is not None:
                own = BY_DAY[data.retention]
                kind = DayKind(OWN_SERVICE if own else one.key, data.key, own)
                kept[kind] = min(data.days, kept.get(kind, data.days))
    return [DayRule(kind, keep) for kind, keep in kept.items()]


def kept_for(_tenant_id: UUID, service: str, data: str) -> int:
    """Calendar days that a key of this service and kind of data may live: the profile's number.

    A tenant that chose fewer has its keys destroyed earlier; none can have them live longer.
    """
    return next(
        rule.keep for rule in day_rules() if (rule.kind.service, rule.kind.data) == (service, data)
    )


def longest_keep(rules: Iterable[DayRule]) -> int:
    """Days after which no tenant keeps anything: when a partition goes."""
    return max(rule.keep for rule in rules)


def choices_of(rule: DayRule, shorter: Iterable[Shorter]) -> Iterator[Shorter]:
    """The tenants' choices that are stricter than `rule`; none can be laxer."""
    for choice in shorter:
        same = (choice.service, choice.data) == (rule.kind.service, rule.kind.data)
        if same and choice.keep < rule.keep:
            yield choice
