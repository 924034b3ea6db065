"""Requests that restrict: an objection is decided, and what is restricted ends after a notice."""

import uuid

from sqlalchemy import select

from privacy.core.db.work import UnitOfWork
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.mails.kinds import MailKind
from privacy.restrictions.begin import restriction_of
from privacy.restrictions.lift import announce_end, note_told
from privacy.restrictions.models import Restriction
from privacy.restrictions.words import RestrictionGround
from privacy.subjects.clerks import Clerk, WrongState, get_request
from privacy.subjects.decide import write_refusal
from privacy.subjects.models import SubjectRequest, SubjectStep
from privacy.subjects.run import OPEN, mark_done
from privacy.subjects.seals import open_person
from privacy.subjects.texts import reasons_of
from privacy.subjects.verify import enqueue_run
from privacy.subjects.words import UNDER_WAY, Ground, Phase, RequestKind, RequestState


def decide_objection(
    work: UnitOfWork,
    clerk: Clerk,
    *,
    request_id: uuid.UUID,
    upheld: bool,
    reasons: str,
    ground: Ground = Ground.COMPELLING,
) -> None:
    """Record whose grounds weigh more (GDPR Art. 21(1)). Until now the processing was paused.

    Upheld, it stays so for good. Else that is a refusal, with its notice, authority and remedy;
    the pause ends when the person was told of that (`announce_lifting`).

    Raises:
        NotFound; WrongState: nothing waits for this decision; Invalid: no reasons were given.
    """
    row = get_request(work, request_id, lock=True)
    step = _deciding(work, row)
    text = reasons_of(reasons)
    restriction = restriction_of(work, row.id, lock=True)
    if step is None or restriction is None:
        raise WrongState
    record(work, Event.REQUEST_DECIDED, subject=row.id, facts={"upheld": upheld})
    if upheld:
        restriction.ground = RestrictionGround.UPHELD.value
        mark_done(work, step)
        enqueue_run(work, row.id)
        return
    write_refusal(work, clerk, row, ground=ground, text=text)
    announce_lifting(work, clerk, request_id=row.id, reasons=text)


def announce_lifting(
    work: UnitOfWork, clerk: Clerk, *, request_id: uuid.UUID, reasons: str
) -> None:
    """Tell the person that the restriction is going to end, and why (Art. 18(3)).

    It ends when the notice has left (`privacy.restrictions.lift.lift_announced`), or when an
    agent says that the letter did (`lifting_told`).

    Raises:
        NotFound; WrongState: nothing is restricted; Invalid: no reasons were given.
    """
    row = get_request(work, request_id, lock=True)
    restriction, text = _standing(work, row.id), reasons_of(reasons)

    def write() -> uuid.UUID | None:
        to = open_person(work, clerk.vault, row).email
        return clerk.mail(work, row, to, MailKind.SUBJECT_UNRESTRICTED, text=text) if to else None

    announce_end(work, clerk.vault, restriction, text=text, write=write)


def lifting_told(work: UnitOfWork, *, request_id: uuid.UUID) -> None:
    """The notice went as a letter, or by telephone. Raises NotFound, WrongState: none is due."""
    get_request(work, request_id, lock=True)
    restriction = _standing(work, request_id)
    if restriction.notice_sealed is None:
        raise WrongState("First write the notice: the person is told before it ends.")
    note_told(work, restriction)


def _standing(work: UnitOfWork, request_id: uuid.UUID) -> Restriction:
    row = restriction_of(work, request_id, lock=True)
    if row is None or row.lifted_at is not None:
        raise WrongState
    return row


def _deciding(work: UnitOfWork, row: SubjectRequest) -> SubjectStep | None:
    if row.kind != RequestKind.PROCESSING or RequestState(row.state) not in UNDER_WAY:
        return None
    waiting = select(SubjectStep).where(
        SubjectStep.request_id == row.id,
        SubjectStep.phase == Phase.DECIDE.value,
        SubjectStep.state.in_(OPEN),
    )
    step: SubjectStep | None = work.session.scalar(waiting)
    return step
