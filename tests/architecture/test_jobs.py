"""Every job that can be added is run by somebody, in a queue that somebody drains."""

import pytest
from redis import Redis

from jobs.policy import LONGEST, POLICIES
from jobs.queues import all_queues
from jobs.schedule import SCHEDULE
from jobs.tasks import TASKS
from privacy.core.outbox.names import QUEUES, JobName, Queue


@pytest.mark.parametrize("name", JobName)
def test_every_job_has_a_task_a_policy_and_a_queue_that_is_drained(name: JobName) -> None:
    drained = {queue.name for queue in all_queues(Redis())}
    assert name in TASKS
    assert POLICIES[name].timeout <= LONGEST
    assert QUEUES.get(name, Queue.DEFAULT).value in drained


def test_nothing_is_left_over() -> None:
    for table in (TASKS, POLICIES, QUEUES):
        assert set(table) <= set(JobName)
    assert {entry.name for entry in SCHEDULE} <= set(JobName)
