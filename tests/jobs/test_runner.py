"""The runner: once under double bells, again after a failure, dead with a reason in the end."""

import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import cast

import pytest

from jobs import runner
from jobs.contexts import House, Task, TaskContext
from jobs.policy import POLICIES, Policy
from jobs.runner import Outcome, run_outbox_job
from privacy.core.errors import NotFound, Unavailable
from privacy.core.outbox.names import JobName
from tests.installations import Installation
from tests.jobs.samples import TENANT, add_job, change, row

MOST = POLICIES[JobName.MAIL_SEND].attempts


def run(
    installation: Installation,
    job_id: uuid.UUID,
    task: Callable[[TaskContext], object],
    attempt: int = 0,
    lasts: timedelta = timedelta(seconds=30),
) -> Outcome:
    return run_outbox_job(
        job_id=job_id,
        attempt=attempt,
        house=cast(House, installation),
        tasks={JobName.MAIL_SEND: cast(Task, task)},
        lease_lasts=lasts,
    )


def test_a_task_is_given_its_tenant_and_payload(installation: Installation) -> None:
    seen: list[TaskContext] = []
    job_id = add_job(installation, payload={"mail_id": str(TENANT), "count": 3})
    assert run(installation, job_id, seen.append) is Outcome.DONE
    (context,) = seen
    assert (context.tenant_id, context.job_id, context.attempt) == (TENANT, job_id, 0)
    assert context.payload["count"] == 3
    assert context.id_of("mail_id") == TENANT
    with context.work() as work:
        assert (work.tenant_id, work.actor.id) == (TENANT, job_id)


@pytest.mark.attack(44)
@pytest.mark.attack(51)
def test_double_bells_in_parallel_run_a_job_once(installation: Installation) -> None:
    ran: list[uuid.UUID] = []
    job_id = add_job(installation)
    with ThreadPoolExecutor(8) as pool:
        ends = list(
            pool.map(
                lambda _: run(installation, job_id, lambda context: ran.append(context.job_id)),
                range(8),
            )
        )
    assert ran == [job_id]
    assert sorted(ends) == sorted([Outcome.DONE] + [Outcome.NOTHING] * 7)


@pytest.mark.attack(51)
def test_an_old_bell_rings_harmlessly(installation: Installation) -> None:
    ran: list[TaskContext] = []
    job_id = add_job(installation)
    run(installation, job_id, ran.append)
    assert run(installation, job_id, ran.append) is Outcome.NOTHING
    assert run(installation, uuid.uuid4(), ran.append) is Outcome.NOTHING
    assert len(ran) == 1


def fail(context: TaskContext) -> None:
    raise RuntimeError("secret +12025550142")


def test_a_failure_is_tried_again_later(installation: Installation) -> None:
    job_id = add_job(installation)
    assert run(installation, job_id, fail) is Outcome.LATER
    found = row(installation, job_id)
    assert (found["state"], found["attempt"], found["failure_code"]) == (
        "waiting",
        1,
        "RuntimeError",
    )


def test_the_last_attempt_ends_in_death_and_in_the_ledger(installation: Installation) -> None:
    job_id = add_job(installation)
    change(installation, job_id, f"attempt = {MOST - 1}")
    assert run(installation, job_id, fail, MOST - 1) is Outcome.DEAD
    assert row(installation, job_id)["state"] == "dead"
    assert installation.count("ledger_events") == 1


def test_a_death_that_the_ledger_cannot_hear_of_does_not_happen(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = add_job(installation)
    change(installation, job_id, f"attempt = {MOST - 1}")

    def refuse(*_: object, **__: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(runner, "record", refuse)
        with pytest.raises(RuntimeError):
            run(installation, job_id, fail, MOST - 1)
    assert row(installation, job_id)["state"] == "running", "the sweep finds it"
    assert installation.count("ledger_events") == 0


@pytest.mark.parametrize(
    ("error", "outcome"), [(NotFound(), Outcome.DEAD), (Unavailable(), Outcome.LATER)]
)
def test_what_cannot_get_better_is_not_tried_again(
    installation: Installation, error: Exception, outcome: Outcome
) -> None:
    def task(context: TaskContext) -> None:
        raise error

    job_id = add_job(installation)
    assert run(installation, job_id, task) is outcome
    assert row(installation, job_id)["failure_code"] == getattr(error, "code", None)


def test_an_unknown_name_waits_for_a_version_that_knows_it(installation: Installation) -> None:
    job_id = add_job(installation)
    change(installation, job_id, "name = 'from.tomorrow'")
    assert run(installation, job_id, fail) is Outcome.LATER
    assert row(installation, job_id)["failure_code"] == "NoSuchTask"


def test_a_bad_payload_is_final(installation: Installation) -> None:
    job_id = add_job(installation, payload={"mail_id": "none"})
    outcome = run(installation, job_id, lambda context: context.id_of("mail_id"))
    assert outcome is Outcome.DEAD
    assert row(installation, job_id)["failure_code"] == "bad_payload"


def test_a_run_that_takes_too_long_is_interrupted(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    hasty = Policy(timedelta(seconds=0.2), 3, timedelta(seconds=1))
    monkeypatch.setattr(runner, "policy_of", lambda _: hasty)
    job_id = add_job(installation)
    assert run(installation, job_id, lambda _: threading.Event().wait(10)) is (Outcome.LATER)
    assert row(installation, job_id)["failure_code"] == "timeout"


def test_a_long_run_keeps_its_lease(installation: Installation) -> None:
    job_id = add_job(installation)

    def work_on(context: TaskContext) -> None:
        threading.Event().wait(1.0)
        found = row(installation, job_id)
        assert found["state"] == "running"

    outcome = run(installation, job_id, work_on, lasts=timedelta(seconds=0.3))
    assert outcome is Outcome.DONE


def test_a_run_whose_lease_was_taken_away_is_interrupted(installation: Installation) -> None:
    job_id = add_job(installation)

    def lose(context: TaskContext) -> None:
        change(installation, job_id, "lease_token = gen_random_uuid()")
        threading.Event().wait(10)

    assert run(installation, job_id, lose, lasts=timedelta(seconds=0.3)) is Outcome.LOST
    assert row(installation, job_id)["state"] == "running"
