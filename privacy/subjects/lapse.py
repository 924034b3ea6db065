"""A request whose person never proved who they are ends by itself, with an answer (Art. 12(6)).

The limits of the answer are untouched: this is an answer, given in time where that can be.
"""

from collections.abc import Callable

from sqlalchemy import and_, exists, func, not_, or_, select

from privacy.core.db.work import UnitOfWork
from privacy.documents.models import IdentityDocument
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.subjects.clerks import Clerk
from privacy.subjects.clocks import proof_until, unproven
from privacy.subjects.decide import write_refusal
from privacy.subjects.models import SubjectRequest
from privacy.subjects.phrases import PHRASES
from privacy.subjects.words import Ground

_ASKED = or_(SubjectRequest.email_token.is_not(None), SubjectRequest.doubted_at.is_not(None))


def end_unproven(
    work: UnitOfWork, clerk_for: Callable[[SubjectRequest], Clerk], *, mailing: bool
) -> int:
    """Answer those of the bound tenant whose time is over: "we cannot identify you".

    Not where it is our turn: a document waits to be looked at, the authority ordered it, or
    nobody has called the number on file yet and noted what came of it.

    Args:
        mailing: whether mails leave; where they do not, nobody was asked for proof by mail.

    Returns:
        How many were ended.
    """
    waiting = select(SubjectRequest).where(
        unproven(),
        _ASKED,
        SubjectRequest.ordered_at.is_(None),
        not_(exists().where(IdentityDocument.subject_id == SubjectRequest.id)),
    )
    if not mailing:
        waiting = waiting.where(SubjectRequest.email_token.is_(None))
    rows = work.session.scalars(waiting.with_for_update(skip_locked=True))
    over = [row for row in rows if proof_until(row) < work.today]
    for row in over:
        _end(work, clerk_for(row), row)
    return len(over)


def count_unproven(work: UnitOfWork) -> dict[str, int]:
    """How many of the bound tenant's wait for proof, and how many ended without."""
    ended = and_(SubjectRequest.ground == Ground.NOT_IDENTIFIED.value, not_(unproven()))
    counted = select(func.count().filter(unproven()), func.count().filter(ended))
    waiting, unidentified = work.session.execute(counted.select_from(SubjectRequest)).one()
    return {"unproven": waiting, "unidentified": unidentified}


def _end(work: UnitOfWork, clerk: Clerk, row: SubjectRequest) -> None:
    until = proof_until(row)
    text = PHRASES[row.language]["unproven"].format(until=until.isoformat())
    write_refusal(work, clerk, row, ground=Ground.NOT_IDENTIFIED, text=text)
    record(work, Event.REQUEST_LAPSED, subject=row.id, facts={"until": until.isoformat()})
