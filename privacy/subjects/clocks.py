"""Whose clock runs: it stands still only while identity is being proved (GDPR Art. 12(6))."""

from datetime import timedelta

from sqlalchemy import ColumnElement, and_, func, not_, select

from privacy.core.db.work import UnitOfWork
from privacy.subjects.models import SubjectRequest
from privacy.subjects.words import UNANSWERED, UNPROVEN, RequestState


def running() -> ColumnElement[bool]:
    """Requests that wait for an answer, and not for proof."""
    unanswered = SubjectRequest.state.in_([state.value for state in UNANSWERED])
    unproven = SubjectRequest.state.in_([state.value for state in UNPROVEN])
    return and_(unanswered, not_(and_(unproven, SubjectRequest.doubted_at.is_not(None))))


def is_paused(row: SubjectRequest) -> bool:
    """Whether this one's stands still."""
    return row.doubted_at is not None and RequestState(row.state) in UNPROVEN


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
