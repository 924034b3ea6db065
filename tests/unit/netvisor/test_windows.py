"""Windows of time: nothing falls between, deletions are asked for in time."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.providers.netvisor.windows import (
    DELETIONS_KEPT,
    OVERLAP,
    Cursor,
    must_sweep,
    plan_run,
)

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
FIRST = datetime(2020, 1, 1, tzinfo=UTC)
MOMENTS = st.floats(0, (NOW - FIRST).total_seconds()).map(lambda s: FIRST + timedelta(seconds=s))


def cursor(hours: float, swept_days: float = 1) -> Cursor:
    return Cursor(NOW - timedelta(hours=hours), NOW - timedelta(days=swept_days))


def test_the_first_run_lists_everything() -> None:
    plan = plan_run(Cursor(), NOW)
    assert plan.sweep
    assert (plan.changed_since, plan.deleted_since) == (None, None)
    assert plan.next_cursor == Cursor(NOW, NOW)


def test_a_later_run_goes_on_a_little_before_the_last_one() -> None:
    plan = plan_run(cursor(24), NOW)
    assert not plan.sweep
    assert plan.changed_since == NOW - timedelta(hours=24) - OVERLAP
    assert plan.deleted_since is not None
    assert plan.next_cursor == Cursor(NOW, NOW - timedelta(days=1))


@pytest.mark.parametrize(
    ("gap_days", "swept_days", "sweep"),
    [(1, 1, False), (5.9, 20, False), (6.1, 20, True), (8, 8, True), (1, 29, False), (1, 31, True)],
)
def test_a_long_gap_or_a_long_time_asks_for_all(
    gap_days: float, swept_days: float, sweep: bool
) -> None:
    assert must_sweep(cursor(gap_days * 24, swept_days), NOW) is sweep


def test_a_clock_that_went_back_asks_for_no_less() -> None:
    ahead = Cursor(NOW + timedelta(days=2), NOW)
    assert plan_run(ahead, NOW).changed_since == NOW - OVERLAP


@given(st.floats(0, 24 * 40), st.floats(0, 60))
def test_deletions_are_asked_for_within_their_seven_days(hours: float, swept_days: float) -> None:
    last = cursor(hours, swept_days)
    plan = plan_run(last, NOW)
    assert last.synced_at is not None
    if not plan.sweep:
        assert plan.deleted_since is not None
        assert NOW - last.synced_at < DELETIONS_KEPT
        assert plan.deleted_since < last.synced_at.date()
