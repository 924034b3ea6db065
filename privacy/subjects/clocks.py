"""Whose clock runs: it stands still only while identity is being proved (GDPR Art. 12(6)).

What was decided runs on until the answer went out: a letter that nobody sends is late, too.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, exists, func, not_, or_, select

from privacy.core.db.work import UnitOfWork
from privacy.documents.models import IdentityDocument
from privacy.subjects.models import SubjectRequest
from privacy.subjects.words import UNANSWERED, UNPROVEN, UNSENT, RequestKind, RequestState

PROOF: Final = timedelta(days=28)
"""From when proof was asked: no longer than the shortest month, so that the answer is in time."""
LATE_PROOF: Final = timedelta(days=7)
"""At least, where a letter was entered late."""


def unproven() -> ColumnElement[bool]:
    """Requests of whom nobody knows yet who asks."""
    return SubjectRequest.state.in_([state.value for state in UNPROVEN])


def proof_until(row: SubjectRequest) -> date:
    """The last day on which proof of who asks is waited for; the limit of the answer is its own."""
    if row.doubted_at is not None:
        return _day(row.doubted_at + PROOF)
    return max(min(_day(row.recorded_at + PROOF), row.due_on), _day(row.recorded_at + LATE_PROOF))


def lapses_on(row: SubjectRequest) -> date:
    """The last day before a request without proof is answered by itself.

    Who left a number alone waits for our call, not we for them: that we never made it is late
    when the limit is over, and only long after it an end.
    """
    if row.email_token is None and row.doubted_at is None:
        return row.due_on + PROOF
    return proof_until(row)


def waits_until(row: SubjectRequest) -> date | None:
    """The last day before this one ends by itself; None where it does not, for it is our turn."""
    ours = row.forwarded_at is not None and row.doubted_at is None
    if ours or row.ordered_at is not None or RequestState(row.state) not in UNPROVEN:
        return None
    return lapses_on(row)


def running() -> ColumnElement[bool]:
    """Requests that wait for an answer, or for somebody to give it, and not for proof."""
    unanswered = SubjectRequest.state.in_([state.value for state in UNANSWERED])
    return or_(and_(unanswered, not_(_paused())), unsent())


def unsent() -> ColumnElement[bool]:
    """Requests that were decided, and whose answer has not gone out; an objection to marketing
    is honoured while it is said."""
    decided = SubjectRequest.state.in_([state.value for state in UNSENT])
    return and_(decided, SubjectRequest.kind != RequestKind.OBJECTION.value)


def has_proof() -> ColumnElement[bool]:
    """Requests with a document that somebody has to look at: it is our turn."""
    return exists().where(
        IdentityDocument.tenant_id == SubjectRequest.tenant_id,
        IdentityDocument.subject_id == SubjectRequest.id,
    )


def _paused() -> ColumnElement[bool]:
    """Not what an authority ordered: its day stands."""
    doubted = SubjectRequest.doubted_at.is_not(None)
    return and_(unproven(), doubted, SubjectRequest.ordered_at.is_(None), not_(has_proof()))


def is_paused(work: UnitOfWork, row: SubjectRequest) -> bool:
    """Whether this one's stands still."""
    if row.doubted_at is None or RequestState(row.state) not in UNPROVEN:
        return False
    still = select(SubjectRequest.id).where(SubjectRequest.id == row.id, _paused())
    return work.session.scalar(still) is not None


def is_overdue(work: UnitOfWork, row: SubjectRequest) -> bool:
    """Whether this one's is over."""
    if row.due_on >= work.today:
        return False
    late = select(SubjectRequest.id).where(SubjectRequest.id == row.id, running())
    return work.session.scalar(late) is not None


def overdue(work: UnitOfWork) -> list[SubjectRequest]:
    """The bound tenant's whose day is over, the oldest first."""
    late = select(SubjectRequest).where(running(), SubjectRequest.due_on < work.today)
    return list(work.session.scalars(late.order_by(SubjectRequest.due_on, SubjectRequest.id)))


def count_near(work: UnitOfWork, ahead: timedelta) -> int:
    """How many have their day within `ahead`, or had it."""
    near = select(func.count(SubjectRequest.id)).where(
        running(), SubjectRequest.due_on <= work.today + ahead
    )
    return work.session.scalar(near) or 0


def _day(moment: datetime) -> date:
    return moment.astimezone(UTC).date()
