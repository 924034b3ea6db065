"""An authority's order reopens a refused request, and is carried out (promise C5)."""

import uuid
from datetime import date
from typing import Final

from sqlalchemy import delete

from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.subjects.clerks import Clerk, WrongState, get_request
from privacy.subjects.models import ORDER, SubjectStep
from privacy.subjects.plan import plan_steps
from privacy.subjects.texts import reasons_of
from privacy.subjects.verify import enqueue_run
from privacy.subjects.words import RequestState

_REFUSED: Final = (RequestState.REFUSED, RequestState.CLOSED)


def reopen_by_order(
    work: UnitOfWork, clerk: Clerk, *, request_id: uuid.UUID, due: date, order: str
) -> None:
    """Take a refused request up again, until the day that the authority set.

    Who was identified need not be again: the request runs at once. Else it waits for that, with
    the order's own day.

    Args:
        order: which authority ordered what, under which reference.

    Raises:
        NotFound; WrongState: it was not refused; Invalid: no order, or its day is over.
    """
    row = get_request(work, request_id, lock=True)
    if RequestState(row.state) not in _REFUSED or row.ground is None:
        raise WrongState
    if due < work.today:
        raise Invalid(fields={"due": "Give the day that the authority set; this one is over."})
    text = reasons_of(order)
    row.order_sealed = ORDER.seal(work, clerk.vault, row.id, text.encode())
    row.ordered_at, row.due_on, row.told_on = work.now, due, None
    row.ground = row.decided_at = row.closed_at = row.mail_id = row.ends_on = None
    row.answer_sealed = None
    record(work, Event.REQUEST_REOPENED, subject=row.id)
    if row.verified_at is None:
        row.codes_sent, row.doubted_at = 0, None
        row.state = RequestState.RECEIVED.value
        return
    mine = SubjectStep.tenant_id == work.tenant_id, SubjectStep.request_id == row.id
    work.session.execute(delete(SubjectStep).where(*mine))
    row.state = RequestState.RUNNING.value
    work.session.flush()
    plan_steps(work, clerk, row)
    enqueue_run(work, row.id)
