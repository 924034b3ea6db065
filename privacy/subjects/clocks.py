"""Whose clock runs: it stands still only while identity is being proved (GDPR Art. 12(6))."""

from datetime import UTC, date, datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, func, not_, select

from privacy.core.db.work import UnitOfWork
from privacy.subjects.models import SubjectRequest
from privacy.subjects.words import UNANSWERED, UNPROVEN, RequestState

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


def running() -> ColumnElement[bool]:
    """Requests that wait for an answer, and not for proof."""
    unanswered = SubjectRequest.state.in_([state.value for state in UNANSWERED])
    return and_(unanswered, not_(and_(unproven(), SubjectRequest.doubted_at.is_not(None))))


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


def _day(moment: datetime) -> date:
    return moment.astimezone(UTC).date()
