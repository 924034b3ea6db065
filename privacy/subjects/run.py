"""Carry a request out, step by step. Each step and its effect are one transaction.

So a worker can be killed anywhere: what was committed is done and not done again, what was not
has left nothing behind, and the next run goes on. A step that fails spares its siblings.
"""

import uuid
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from typing import Final

from sqlalchemy import select

from privacy.core.db.work import UnitOfWork
from privacy.core.errors import NotFound, SiltaError, Unavailable
from privacy.erasures.marking import erasing
from privacy.holds.hold import any_held
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.ledger.signing import Signer
from privacy.subjects.answers import answer_request
from privacy.subjects.certificates import certify
from privacy.subjects.clerks import Clerk, get_request
from privacy.subjects.collect import collect_part
from privacy.subjects.corrections import Rectifying, open_correction
from privacy.subjects.limits import evidence_until
from privacy.subjects.models import SubjectRequest, SubjectStep
from privacy.subjects.restricting import restrict_subject
from privacy.subjects.seals import subject_of
from privacy.subjects.words import UNDER_WAY, Because, Phase, RequestState, StepState

OpenWork = Callable[[], AbstractContextManager[UnitOfWork]]
_OF_PEOPLE: Final = (Phase.MANUAL, Phase.NOTIFY, Phase.DECIDE, Phase.FORWARD)
_LAST: Final = (Phase.CERTIFY, Phase.ANSWER)
OPEN: Final = (StepState.WAITING.value, StepState.FAILED.value)


class StepsFailed(Unavailable):
    """Some steps failed; the next attempt does them again, and no other."""

    code = "steps_failed"


class StillThere(SiltaError):
    """A look after the erasure found the person again."""

    code = "still_there"


def run_request(
    open_work: OpenWork, clerk: Clerk, signer: Signer, *, request_id: uuid.UUID
) -> None:
    """Do what is left to be done, in order.

    Raises:
        StepsFailed: something failed; the request stands as partly done.
    """
    with open_work() as work:
        places = _open_places(work, request_id)
    failed = [place for place in places if not _done(open_work, clerk, signer, request_id, place)]
    with open_work() as work:
        _settle(work, request_id)
    if failed:
        raise StepsFailed


def _done(
    open_work: OpenWork, clerk: Clerk, signer: Signer, request_id: uuid.UUID, place: int
) -> bool:
    try:
        with open_work() as work:
            _take(work, clerk, signer, request_id, place)
    except Exception as error:  # noqa: BLE001
        with open_work() as work:
            _note_failure(work, request_id, place, error)
        return False
    return True


def _take(
    work: UnitOfWork, clerk: Clerk, signer: Signer, request_id: uuid.UUID, place: int
) -> None:
    request = get_request(work, request_id, lock=True)
    step = work.session.get_one(SubjectStep, (work.tenant_id, request_id, place))
    if RequestState(request.state) not in UNDER_WAY or step.state not in OPEN:
        return
    step.attempts += 1
    if _do(work, clerk, signer, request, step):
        mark_done(work, step)


def _do(
    work: UnitOfWork, clerk: Clerk, signer: Signer, request: SubjectRequest, step: SubjectStep
) -> bool:
    """Whether the step is over: people tick off their own, and the last ones wait for all."""
    phase = Phase(step.phase)
    if phase in _OF_PEOPLE or (phase in _LAST and not _all_done_before(work, step)):
        return False
    match phase:
        case Phase.ERASE:
            _erase(work, clerk, request, step)
        case Phase.RESCAN:
            _rescan(work, clerk, request, step)
        case Phase.CERTIFY:
            request.certificate = certify(work, signer, request)
        case Phase.ANSWER:
            answer_request(work, clerk, request)
        case _:
            step.found = _count(work, clerk, request, step)
    return True


def mark_done(work: UnitOfWork, step: SubjectStep) -> None:
    """A step is over; said in the ledger."""
    step.state = (StepState.RETAINED if step.retained else StepState.DONE).value
    step.failure_code, step.done_at, step.done_by = None, work.now, work.actor.id
    facts: dict[str, str | int] = {"phase": step.phase, "holder": _kind(step)}
    facts |= {"found": step.found, "retained": step.retained}
    record(work, Event.REQUEST_STEP_DONE, subject=step.request_id, facts=facts)
    work.session.flush()


def _erase(work: UnitOfWork, clerk: Clerk, request: SubjectRequest, step: SubjectStep) -> None:
    holder = clerk.holder(step.holder)
    if holder is None:
        raise NotFound
    subject = subject_of(work, clerk.vault, request)
    with erasing(work):
        came = holder.erase(work, clerk.vault, subject)
    held = any_held(work, holder.tables)
    left = holder.find(work, clerk.vault, subject) if held else came.retained
    kept_back = max(left - came.retained, 0)
    step.found += came.removed - kept_back
    step.retained, step.until = came.retained + kept_back, came.until
    because = Because.HOLD if held and left and came.until is None else came.because
    step.because = because.value if because and step.retained else None


def _count(work: UnitOfWork, clerk: Clerk, request: SubjectRequest, step: SubjectStep) -> int:
    """Of what was put aside, restricted, or corrected."""
    match Phase(step.phase):
        case Phase.COLLECT:
            return collect_part(work, clerk, request, step.holder)
        case Phase.RESTRICT:
            return restrict_subject(work, clerk, request)
        case _:
            return _rectify(work, clerk, request, step)


def _rectify(work: UnitOfWork, clerk: Clerk, request: SubjectRequest, step: SubjectStep) -> int:
    found: object = clerk.holder(step.holder)
    if not isinstance(found, Rectifying):
        raise NotFound
    correction = open_correction(work, clerk.vault, request)
    subject = subject_of(work, clerk.vault, request)
    return found.rectify(work, clerk.vault, subject, correction)


def _rescan(work: UnitOfWork, clerk: Clerk, request: SubjectRequest, step: SubjectStep) -> None:
    holder = clerk.holder(step.holder)
    if holder is None:
        raise NotFound
    erased = _sibling(work, step, Phase.ERASE)
    step.found = holder.find(work, clerk.vault, subject_of(work, clerk.vault, request))
    if erased.state in OPEN or step.found > erased.retained:
        raise StillThere


def _sibling(work: UnitOfWork, step: SubjectStep, phase: Phase) -> SubjectStep:
    found = select(SubjectStep).where(
        SubjectStep.request_id == step.request_id,
        SubjectStep.holder == step.holder,
        SubjectStep.phase == phase.value,
    )
    return work.session.scalars(found).one()


def _all_done_before(work: UnitOfWork, step: SubjectStep) -> bool:
    before = select(SubjectStep.place).where(
        SubjectStep.request_id == step.request_id,
        SubjectStep.place < step.place,
        SubjectStep.state.in_(OPEN),
    )
    return work.session.scalar(before.limit(1)) is None


def _note_failure(work: UnitOfWork, request_id: uuid.UUID, place: int, error: Exception) -> None:
    """Codes and types only. What came back since it was erased is erased again."""
    get_request(work, request_id, lock=True)
    step = work.session.get_one(SubjectStep, (work.tenant_id, request_id, place))
    code = error.code if isinstance(error, SiltaError) else type(error).__name__
    step.state, step.failure_code = StepState.FAILED.value, code
    step.attempts += 1
    if isinstance(error, StillThere):
        _sibling(work, step, Phase.ERASE).state = StepState.WAITING.value
    facts = {"phase": step.phase, "holder": _kind(step), "code": code}
    record(work, Event.REQUEST_STEP_FAILED, subject=request_id, facts=facts)


def _open_places(work: UnitOfWork, request_id: uuid.UUID) -> list[int]:
    found = select(SubjectStep.place).where(
        SubjectStep.request_id == request_id, SubjectStep.state.in_(OPEN)
    )
    return list(work.session.scalars(found.order_by(SubjectStep.place)))


def _settle(work: UnitOfWork, request_id: uuid.UUID) -> None:
    request = get_request(work, request_id, lock=True)
    if RequestState(request.state) not in UNDER_WAY:
        return
    if _open_places(work, request_id):
        request.state = RequestState.PARTLY_DONE.value
        return
    request.state, request.decided_at = RequestState.DONE.value, work.now
    request.ends_on = evidence_until(work.today)
    record(work, Event.REQUEST_DONE, subject=request.id)


def resume_erasures(work: UnitOfWork, *, holders: Collection[str]) -> list[uuid.UUID]:
    """A hold ended: whatever it kept back is erased now, by itself. The requests that go on.

    Args:
        holders: those whose tables the hold was of.
    """
    kept = select(SubjectStep).where(
        SubjectStep.phase == Phase.ERASE.value,
        SubjectStep.holder.in_(holders),
        SubjectStep.because == Because.HOLD.value,
    )
    waiting = []
    for step in work.session.scalars(kept.with_for_update()):
        request = get_request(work, step.request_id, lock=True)
        again = select(SubjectStep).where(
            SubjectStep.request_id == step.request_id,
            (SubjectStep.holder == step.holder) & (SubjectStep.phase == Phase.RESCAN.value)
            | (SubjectStep.phase == Phase.CERTIFY.value),
        )
        for one in (step, *work.session.scalars(again)):
            one.state, one.retained, one.because = StepState.WAITING.value, 0, None
        request.state = RequestState.RUNNING.value
        record(work, Event.REQUEST_RESUMED, subject=request.id, facts={"holder": _kind(step)})
        waiting.append(request.id)
    work.session.flush()
    return list(dict.fromkeys(waiting))


def _kind(step: SubjectStep) -> str:
    """The ledger says of which kind a recipient is, and not which it is."""
    return step.holder.partition(":")[0]
