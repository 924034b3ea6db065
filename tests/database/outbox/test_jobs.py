"""What people see of jobs, and the dead run again."""

import uuid

import pytest

from privacy.core.db.work import SYSTEM, unit_of_work
from privacy.core.errors import NotFound
from privacy.core.outbox.jobs import count_jobs, list_jobs, retry_dead
from tests.installations import Installation
from tests.jobs.samples import TENANT, add_job, change, row

DEAD = "state = 'dead', attempt = 7, failure_code = 'gone', finished_at = now()"


def test_the_dead_are_listed_with_their_reason(installation: Installation) -> None:
    job_id = add_job(installation)
    add_job(installation)
    change(installation, job_id, DEAD)
    with unit_of_work(installation.engines.app, tenant_id=TENANT, actor=SYSTEM) as work:
        (dead,) = list_jobs(work, state="dead")
        assert (dead.id, dead.reason, dead.name) == (job_id, "gone", "mail.send")
        counted = count_jobs(work)
    assert counted == {"waiting": 1, "rung": 0, "running": 0, "done": 0, "dead": 1}


def test_a_dead_job_runs_again_with_all_its_attempts(installation: Installation) -> None:
    job_id = add_job(installation)
    change(installation, job_id, DEAD)
    with unit_of_work(installation.engines.app, tenant_id=TENANT, actor=SYSTEM) as work:
        retry_dead(work, job_id=job_id)
    assert (row(installation, job_id)["state"], row(installation, job_id)["attempt"]) == (
        "waiting",
        0,
    )
    assert installation.count("ledger_events") == 1


@pytest.mark.parametrize("state", ["waiting", "rung", "running", "done"])
def test_only_the_dead_are_run_again(installation: Installation, state: str) -> None:
    job_id = add_job(installation)
    change(installation, job_id, f"state = '{state}'")
    with (
        unit_of_work(installation.engines.app, tenant_id=TENANT, actor=SYSTEM) as work,
        pytest.raises(NotFound),
    ):
        retry_dead(work, job_id=job_id)


def test_another_tenants_job_is_not_there(installation: Installation) -> None:
    job_id = add_job(installation)
    change(installation, job_id, DEAD)
    charlie = uuid.uuid4()
    with unit_of_work(installation.engines.app, tenant_id=charlie, actor=SYSTEM) as work:
        assert list_jobs(work, state="dead") == []
        with pytest.raises(NotFound):
            retry_dead(work, job_id=job_id)
