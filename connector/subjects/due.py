"""Tell a tenant's endpoints of requests whose time limit comes near, or is over."""

from datetime import timedelta
from typing import Final

from sqlalchemy import or_, select

from connector.events_out.emit import emit
from connector.events_out.facts import Fact
from connector.events_out.kinds import EventKind
from privacy.core.db.work import UnitOfWork
from privacy.subjects.models import SubjectRequest
from privacy.subjects.words import UNANSWERED

AHEAD: Final = timedelta(days=7)


def tell_due(work: UnitOfWork) -> int:
    """Once a week before a limit ends, and once after it. Returns how many were told of."""
    near = select(SubjectRequest).where(
        SubjectRequest.state.in_([state.value for state in UNANSWERED]),
        SubjectRequest.due_on <= work.today + AHEAD,
        or_(
            SubjectRequest.told_on.is_(None),
            (SubjectRequest.told_on <= SubjectRequest.due_on)
            & (SubjectRequest.due_on < work.today),
        ),
    )
    rows = list(work.session.scalars(near.with_for_update(skip_locked=True)))
    for row in rows:
        row.told_on = work.today
        facts: dict[str, Fact] = {
            "request_id": row.id,
            "kind": row.kind,
            "due_on": row.due_on,
            "overdue": row.due_on < work.today,
        }
        emit(work, EventKind.SUBJECT_REQUEST_DUE, facts)
    return len(rows)
