"""Sweeping: a dead worker's job comes back, a killer ends, old jobs go."""

from datetime import timedelta

import pytest

from privacy.core.db.work import SYSTEM, unit_of_work
from privacy.core.outbox.sweeps import LAPSED, bury, prune, reclaim
from tests.installations import Installation
from tests.jobs.samples import add_job, change, row

RUNNING = "state = 'running', lease_token = gen_random_uuid(), lease_until = now()"


def test_a_lease_that_ran_out_counts_as_an_attempt(installation: Installation) -> None:
    job_id = add_job(installation)
    change(installation, job_id, f"{RUNNING} - interval '1 second'")
    with installation.engines.relay.begin() as connection:
        assert reclaim(connection, attempts=lambda _: 2) == []
    found = row(installation, job_id)
    assert (found["state"], found["attempt"], found["lease_token"]) == ("waiting", 1, None)


def test_a_living_lease_stays(installation: Installation) -> None:
    job_id = add_job(installation)
    change(installation, job_id, f"{RUNNING} + interval '30 second'")
    with installation.engines.relay.begin() as connection:
        reclaim(connection, attempts=lambda _: 2)
    assert row(installation, job_id)["state"] == "running"


def test_a_job_that_kills_its_workers_is_given_up(installation: Installation) -> None:
    job_id = add_job(installation)
    change(installation, job_id, f"attempt = 1, {RUNNING} - interval '1 second'")
    with installation.engines.relay.begin() as connection:
        dead = reclaim(connection, attempts=lambda _: 2)
    assert [each.id for each in dead] == [job_id]
    assert row(installation, job_id)["state"] == "running", "until its ledger hears of it"
    (lapse,) = dead
    bury_in = unit_of_work(installation.engines.app, tenant_id=lapse.tenant_id, actor=SYSTEM)
    with bury_in as work:
        assert bury(work.connection, lapse)
        assert not bury(work.connection, lapse), "one time"
    assert row(installation, job_id)["failure_code"] == LAPSED


@pytest.mark.parametrize(
    ("state", "days", "left"), [("done", 6, 1), ("done", 8, 0), ("dead", 8, 1), ("dead", 91, 0)]
)
def test_jobs_long_over_are_deleted(
    installation: Installation, state: str, days: int, left: int
) -> None:
    job_id = add_job(installation)
    change(installation, job_id, f"state = '{state}', finished_at = now() - interval '{days} d'")
    with installation.engines.relay.begin() as connection:
        prune(connection, done=timedelta(days=7), dead=timedelta(days=90))
    assert installation.count("outbox_jobs") == left
