"""Leases: one runs, and what is not due, over or somebody else's is not to be had."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from privacy.core.outbox.leases import Lease, finish, give_up, keep_lease, take_lease, try_later
from tests.installations import Installation
from tests.jobs.samples import add_job, change, row

LASTS = timedelta(seconds=30)


def take(installation: Installation, job_id: uuid.UUID, attempt: int = 0) -> Lease | None:
    with installation.engines.relay.begin() as connection:
        return take_lease(connection, job_id=job_id, attempt=attempt, lasts=LASTS)


@pytest.mark.attack(51)
def test_one_of_many_gets_the_lease(installation: Installation) -> None:
    job_id = add_job(installation)
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda _: take(installation, job_id), range(8)))
    assert sum(lease is not None for lease in taken) == 1


@pytest.mark.attack(51)
def test_a_job_that_is_not_due_cannot_be_begun(installation: Installation) -> None:
    assert take(installation, add_job(installation, due_in=timedelta(hours=1))) is None


@pytest.mark.attack(51)
@pytest.mark.parametrize("attempt", [1, 7, 32767])
def test_another_attempt_is_not_to_be_had(installation: Installation, attempt: int) -> None:
    assert take(installation, add_job(installation), attempt) is None


@pytest.mark.attack(51)
@pytest.mark.parametrize("state", ["running", "done", "dead"])
def test_a_job_in_another_state_is_not_to_be_had(installation: Installation, state: str) -> None:
    job_id = add_job(installation)
    change(installation, job_id, f"state = '{state}'")
    assert take(installation, job_id) is None


def test_finishing_counts_once_and_only_with_the_lease(installation: Installation) -> None:
    lease = take(installation, add_job(installation))
    assert lease is not None
    stolen = Lease(lease.job_id, lease.tenant_id, lease.name, lease.attempt, uuid.uuid4())
    with installation.engines.relay.begin() as connection:
        assert not finish(connection, lease=stolen)
        assert not keep_lease(connection, lease=stolen, lasts=LASTS)
        assert keep_lease(connection, lease=lease, lasts=LASTS)
        assert finish(connection, lease=lease)
        assert not finish(connection, lease=lease)
    assert row(installation, lease.job_id)["state"] == "done"
    assert row(installation, lease.job_id)["finished_at"] is not None


def test_a_failed_attempt_waits_with_its_reason(installation: Installation) -> None:
    lease = take(installation, add_job(installation))
    assert lease is not None
    with installation.engines.relay.begin() as connection:
        assert try_later(connection, lease=lease, code="Oops", delay=timedelta(minutes=5))
    found = row(installation, lease.job_id)
    assert (found["state"], found["attempt"], found["failure_code"]) == ("waiting", 1, "Oops")
    assert take(installation, lease.job_id, 1) is None, "it is not due yet"


def test_giving_up_keeps_the_reason(installation: Installation) -> None:
    lease = take(installation, add_job(installation))
    assert lease is not None
    with installation.engines.relay.begin() as connection:
        assert give_up(connection, lease=lease, code="gone")
    found = row(installation, lease.job_id)
    assert (found["state"], found["failure_code"], found["lease_token"]) == ("dead", "gone", None)


@pytest.mark.parametrize(
    "forbidden",
    [
        "SELECT payload FROM outbox_jobs",
        "UPDATE outbox_jobs SET payload = '{}'",
        "UPDATE outbox_jobs SET name = 'mail.send'",
        "INSERT INTO outbox_jobs (tenant_id) VALUES (gen_random_uuid())",
        "SELECT * FROM clock_watch",
    ],
)
def test_the_relay_sees_envelopes_only(installation: Installation, forbidden: str) -> None:
    with installation.engines.relay.connect() as connection, pytest.raises(ProgrammingError):
        connection.execute(text(forbidden))


@pytest.mark.parametrize(
    "forbidden",
    ["UPDATE outbox_jobs SET lease_token = NULL", "DELETE FROM outbox_jobs"],
)
def test_the_application_takes_no_leases(installation: Installation, forbidden: str) -> None:
    with installation.engines.app.connect() as connection, pytest.raises(ProgrammingError):
        connection.execute(text(forbidden))
