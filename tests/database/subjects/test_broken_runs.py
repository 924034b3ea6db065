"""A run that is killed, or a step that fails: nothing half done, nothing done twice."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest

from privacy.core.db.work import UnitOfWork
from privacy.subjects.run import StepsFailed, run_request
from privacy.subjects.words import Phase, RequestKind, RequestState, StepState
from tests.database.subjects.people import Rights, fill_every_room
from tests.database.subjects.requests import request_view
from tests.tenancies import House


class Killed(BaseException):
    """As SIGKILL: nothing of ours catches it."""


def _killing(rights: Rights, *, before: bool) -> Any:
    """Two transactions are committed: what was read, and a step. Then it is killed, at once or
    when the next one has done everything but its commit."""
    done = 0

    @contextmanager
    def work() -> Iterator[UnitOfWork]:
        nonlocal done
        with rights.tenant.work() as opened:
            yield opened
            if before and done == 2:
                raise Killed
        done += 1
        if not before and done == 2:
            raise Killed

    return work


def _outcome(rights: Rights, request_id: Any) -> list[tuple[object, ...]]:
    steps = request_view(rights, request_id).steps
    return [
        (s.phase, s.holder.partition(":")[0], s.state, s.found, s.retained, s.because)
        for s in steps
    ]


@pytest.mark.promise("C2")
@pytest.mark.parametrize("before", [True, False], ids=["before the commit", "after it"])
def test_a_worker_killed_at_every_boundary_ends_as_one_that_was_not(
    house: House, *, before: bool
) -> None:
    undisturbed = Rights(house, house.alice)
    fill_every_room(house.alice)
    expected = _outcome(undisturbed, undisturbed.done(RequestKind.ERASURE).id)
    rights = Rights(house, house.charlie)
    fill_every_room(house.charlie)
    made = rights.ask(RequestKind.ERASURE)
    rights.prove(made.id)
    rights.tell(made.id)
    with rights.tenant.work() as work:
        clerk = rights.clerk(work)
    killed = 0
    while request_view(rights, made.id).state is not RequestState.DONE:
        with suppress(Killed):
            work_of = _killing(rights, before=before)
            run_request(work_of, clerk, rights.signer, request_id=made.id)
            break
        killed += 1
        assert killed < 99
    told = sum(one[0] is Phase.NOTIFY for one in expected)
    assert killed >= len(expected) - 1 - told
    assert _outcome(rights, made.id) == expected
    assert request_view(rights, made.id).state is RequestState.DONE
    done = house.rows(
        "SELECT count(*) FROM ledger_events WHERE event = 'rights:request:step_done' "
        "GROUP BY tenant_id"
    )
    assert {row[0] for row in done} == {len(expected)}


@pytest.mark.promise("C2")
def test_a_process_that_is_killed_in_the_middle_leaves_nothing_half_done(rights: Rights) -> None:
    """A real SIGKILL, within a step that has erased and not committed."""
    made = rights.ask(RequestKind.ERASURE)
    rights.prove(made.id)
    rights.tell(made.id)
    if (child := os.fork()) == 0:
        rights.house.installation.engines.app.dispose(close=False)
        done = 0

        @contextmanager
        def work() -> Iterator[UnitOfWork]:
            nonlocal done
            with rights.tenant.work() as opened:
                yield opened
                opened.session.flush()
                done += 1
                if done == 7:
                    os.kill(os.getpid(), signal.SIGKILL)

        with rights.tenant.work() as opened:
            clerk = rights.clerk(opened)
        run_request(work, clerk, rights.signer, request_id=made.id)
        os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    view = request_view(rights, made.id)
    assert view.state is RequestState.RUNNING
    assert sum(s.phase is Phase.ERASE and s.done_at is not None for s in view.steps) == 5
    rights.run(made.id)
    assert request_view(rights, made.id).state is RequestState.DONE
    assert rights.house.installation.count("inquiries") == 1


def test_a_step_that_fails_spares_its_siblings_and_is_done_again(
    rights: Rights, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = rights.ask(RequestKind.ERASURE)
    rights.prove(made.id)
    rights.tell(made.id)

    def refuse(*_: object) -> None:
        raise RuntimeError("+12025550143")

    with monkeypatch.context() as patched:
        patched.setattr("connector.inquiries.holder.erase_inquiry", refuse)
        patched.setattr("connector.inquiries.holder._rows", refuse)
        with pytest.raises(StepsFailed):
            rights.run(made.id)
        view = request_view(rights, made.id)
        assert view.state is RequestState.PARTLY_DONE
        failed = {(s.phase, s.holder, s.failure_code) for s in view.steps if s.failure_code}
        assert failed == {
            (Phase.ERASE, "inquiries", "RuntimeError"),
            (Phase.RESCAN, "inquiries", "RuntimeError"),
        }
        assert view.certificate is None
    rights.run(made.id)
    assert request_view(rights, made.id).state is RequestState.DONE


def test_what_comes_back_before_the_look_afterwards_is_erased_again(
    rights: Rights, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = rights.ask(RequestKind.ERASURE)
    rights.prove(made.id)
    rights.tell(made.id)
    with monkeypatch.context() as patched:
        patched.setattr("connector.contacts.holder.erase_contact", lambda *_, **__: None)
        with pytest.raises(StepsFailed):
            rights.run(made.id)
        again = [s for s in request_view(rights, made.id).steps if s.holder == "contacts"]
        assert [s.state for s in again] == [StepState.WAITING, StepState.FAILED]
    rights.run(made.id)
    assert request_view(rights, made.id).state is RequestState.DONE
    assert rights.house.installation.count("contacts") == 1
