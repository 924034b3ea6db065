"""Every job has a policy, a task and a queue; pauses grow, and never beyond their bound."""

from datetime import timedelta

import pytest

from jobs.policy import POLICIES, UNKNOWN, code_of, is_final, policy_of
from jobs.schedule import SCHEDULE
from jobs.tasks import TASKS
from privacy.core.errors import Conflict, Gone, Misconfigured
from privacy.core.outbox.names import JobName


@pytest.mark.parametrize("name", JobName)
def test_every_job_has_a_policy_and_a_task(name: JobName) -> None:
    assert name in POLICIES
    assert name in TASKS


def test_what_is_scheduled_comes_more_often_than_done_jobs_are_pruned() -> None:
    assert {entry.name for entry in SCHEDULE} <= set(JobName)
    for entry in SCHEDULE:
        assert entry.times.split()[2:] == ["*", "*", "*"], "daily or more often"


@pytest.mark.parametrize("attempt", [0, 1, 5, 200])
def test_pauses_double_with_jitter_up_to_a_bound(attempt: int) -> None:
    policy = POLICIES[JobName.MAIL_SEND]
    full = min(timedelta(seconds=10) * 2 ** min(attempt, 20), policy.longest_pause)
    delays = {policy.delay(attempt) for _ in range(50)}
    assert full / 2 <= min(delays) < max(delays) <= full


def test_reasons_are_words() -> None:
    assert code_of(RuntimeError("+12025550142")) == "RuntimeError"
    assert code_of(Gone()) == "gone"
    assert policy_of("who.knows") is UNKNOWN
    assert (is_final(Gone()), is_final(Conflict()), is_final(Misconfigured())) == (
        True,
        False,
        False,
    )
