"""Queues that nobody drains are told of; what takes hours has one of its own."""

import pytest

from jobs.commands.doctor import CHECKS
from jobs.installation import Installation as Opened
from jobs.queues import connect, undrained
from jobs.worker import BellWorker
from privacy.core.errors import Unavailable
from privacy.core.outbox.names import QUEUES, JobName, Queue
from tests.installations import Installation


def test_mails_wait_for_no_archive() -> None:
    long = {name for name, queue in QUEUES.items() if queue is Queue.ARCHIVES}
    assert long == {JobName.BACKUP_RUN, JobName.EXPORT_MAKE}


def test_a_queue_without_a_worker_is_told_of(installation: Installation) -> None:
    opened, most = Opened(installation.settings), tuple(Queue)[:3]
    with connect(installation.settings) as redis:
        assert undrained(redis) == [], "no worker at all is what waiting jobs tell of"
        one = BellWorker(redis, run=lambda _bell: None, queues=most)
        one.register_birth()
        assert undrained(redis) == ["archives", "strangers"]
        with pytest.raises(Unavailable, match="archives, strangers"):
            CHECKS["queues"](opened)
        other = BellWorker(redis, run=lambda _bell: None, queues=(Queue.ARCHIVES, Queue.STRANGERS))
        other.register_birth()
        CHECKS["queues"](opened)
        for worker in (one, other):
            worker.register_death()
        assert undrained(redis) == []
    opened.close()
