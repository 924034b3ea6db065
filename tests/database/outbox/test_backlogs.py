"""What waits is counted over all tenants, without looking into anything."""

import uuid
from datetime import timedelta

import pytest

from jobs.commands.doctor import CHECKS
from jobs.installation import Installation as Process
from privacy.core.errors import Unavailable
from privacy.core.outbox.backlogs import Backlog, read_backlog
from tests.installations import Installation
from tests.jobs.samples import add_job, change


def test_the_backlog_counts_every_tenants_jobs(installation: Installation) -> None:
    change(installation, add_job(installation), "run_at = now() - interval '40 s'")
    add_job(installation, due_in=timedelta(hours=1), tenant_id=uuid.uuid4())
    change(installation, add_job(installation, tenant_id=uuid.uuid4()), "state = 'dead'")
    change(installation, add_job(installation), "state = 'done'")
    with installation.engines.relay.connect() as connection:
        found = read_backlog(connection)
    assert found == Backlog(2, 0, 0, 1, found.late_seconds)
    assert 40 <= found.late_seconds < 60


def test_nothing_waits_in_an_empty_house(installation: Installation) -> None:
    with installation.engines.relay.connect() as connection:
        assert read_backlog(connection) == Backlog(0, 0, 0, 0, 0.0)


def test_the_doctor_says_when_jobs_wait_or_were_given_up(installation: Installation) -> None:
    process = Process(installation.settings)
    CHECKS["jobs"](process)
    dead = add_job(installation)
    change(installation, dead, "state = 'dead'")
    with pytest.raises(Unavailable, match="1 jobs were given up"):
        CHECKS["jobs"](process)
    change(installation, add_job(installation), "run_at = now() - interval '10 min'")
    with pytest.raises(Unavailable, match="silta worker"):
        CHECKS["jobs"](process)
    process.close()
