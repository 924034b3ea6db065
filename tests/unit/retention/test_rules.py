"""Which days end when: every key that seals by day is one that a rule ends."""

import uuid
from datetime import date

from connector.calls import keeping
from privacy.retention.rules import DayRule, Shorter, choices_of, day_rules, kept_for, longest_keep
from privacy.vault.days_ahead import DayKind
from tenants.usages import days


def test_whatever_is_sealed_by_day_has_a_rule_that_ends_it() -> None:
    kinds = {rule.kind for rule in day_rules()}
    assert DayKind(keeping.SERVICE, keeping.KIND) in kinds
    assert DayKind(days.SERVICE, days.DATA, installation=True) in kinds


def test_a_day_counts_with_its_own() -> None:
    rule = DayRule(DayKind("T", "calls"), 30)
    assert rule.last_due(date(2026, 1, 31)) == date(2026, 1, 1)
    assert longest_keep([rule, DayRule(DayKind("T", "other"), 7)]) == 30


def test_only_a_stricter_choice_of_the_same_data_counts() -> None:
    rule = DayRule(DayKind("T", "calls"), 30)
    owner = uuid.uuid4()
    stricter = Shorter(owner, "T", "calls", 7)
    others = [Shorter(owner, "T", "calls", 30), Shorter(owner, "N", "calls", 7)]
    assert list(choices_of(rule, [stricter, *others])) == [stricter]


def test_a_key_lives_as_long_as_its_rule_says() -> None:
    for rule in day_rules():
        assert kept_for(uuid.uuid4(), rule.kind.service, rule.kind.data) == rule.keep
