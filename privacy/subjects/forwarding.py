"""A request that came to the installation, in the register of a tenant: once, with its proof."""

import uuid
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from privacy.core.db.work import UnitOfWork
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.subjects.clerks import Clerk, WrongState, get_request
from privacy.subjects.models import SubjectRequest, SubjectStep
from privacy.subjects.receive import Asked, write_request
from privacy.subjects.run import OPEN, mark_done
from privacy.subjects.verify import let_run
from privacy.subjects.words import UNPROVEN, Method, Phase, RequestState


@dataclass(frozen=True, slots=True)
class Forwarded:
    """What was asked, what of it is proven and how, and how the person's own receipt names it."""

    asked: Asked
    proven: tuple[str, ...]
    reference: str
    method: Method = Method.CODE


def places_to_forward(
    work: UnitOfWork, request_id: uuid.UUID, *, found: bool = False
) -> list[tuple[int, str]]:
    """Steps and tenants: those that were not asked yet, or those that hold something."""
    steps = select(SubjectStep.place, SubjectStep.holder).where(
        SubjectStep.request_id == request_id, SubjectStep.phase == Phase.FORWARD.value
    )
    meant = SubjectStep.found > 0 if found else SubjectStep.state.in_(OPEN)
    ordered = steps.where(meant).order_by(SubjectStep.place)
    return [(place, tenant) for place, tenant in work.session.execute(ordered)]


def mark_forwarded(work: UnitOfWork, *, request_id: uuid.UUID, place: int, found: int) -> None:
    """One tenant was asked; `work` is the installation's."""
    get_request(work, request_id, lock=True)
    step = work.session.get_one(SubjectStep, (work.tenant_id, request_id, place))
    if step.state in OPEN:
        step.found = found
        mark_done(work, step)


def run_here(work: UnitOfWork, clerk: Clerk, forwarded: Forwarded) -> None:
    """The operator is controller: it runs in the bound tenant by itself."""
    row = _write(work, clerk, forwarded)
    if row is not None:
        let_run(work, clerk, row, forwarded.method, forwarded.proven)


def forward_here(work: UnitOfWork, clerk: Clerk, forwarded: Forwarded) -> date | None:
    """The bound tenant is controller: it is written down with its proof, and its people let it
    run (`accept_forwarded`) or refuse it. Until when; None where its people have decided.

    Where it was there already, nobody knows whether its people were told before a kill: once
    more is better than never.
    """
    row = _write(work, clerk, forwarded)
    if row is None:
        return _waits_until(work, forwarded)
    row.forwarded_at, row.proven = work.now, list(forwarded.proven)
    row.method = forwarded.method.value
    row.state = RequestState.VERIFYING.value
    record(work, Event.REQUEST_FORWARDED, subject=row.id)
    return row.due_on


def accept_forwarded(work: UnitOfWork, clerk: Clerk, *, request_id: uuid.UUID) -> None:
    """The tenant takes the operator's word for who asks, and lets it run.

    Raises:
        NotFound; WrongState: it was not forwarded, or is under way.
    """
    row = get_request(work, request_id, lock=True)
    if row.forwarded_at is None or RequestState(row.state) not in UNPROVEN:
        raise WrongState
    let_run(work, clerk, row, Method(row.method or Method.CODE), row.proven)


def _waits_until(work: UnitOfWork, forwarded: Forwarded) -> date | None:
    found = select(SubjectRequest.due_on).where(
        SubjectRequest.bundle_id == forwarded.asked.bundle_id,
        SubjectRequest.state.in_([state.value for state in UNPROVEN]),
    )
    return work.session.scalar(found)


def _write(work: UnitOfWork, clerk: Clerk, forwarded: Forwarded) -> SubjectRequest | None:
    known = select(SubjectRequest.id).where(SubjectRequest.bundle_id == forwarded.asked.bundle_id)
    if work.session.scalar(known) is not None:
        return None
    return write_request(work, clerk, forwarded.asked)
