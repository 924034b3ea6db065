"""A request whose person never proved who they are ends by itself, with an answer (Art. 12(6)).

The limits of the answer are untouched: this is an answer, given in time where that can be.
"""

from collections.abc import Callable

from sqlalchemy import and_, func, not_, or_, select

from privacy.core.db.work import UnitOfWork
from privacy.ledger.encoding import Fact
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.subjects.clerks import Clerk
from privacy.subjects.clocks import has_proof, lapses_on, unproven
from privacy.subjects.decide import write_refusal
from privacy.subjects.models import SubjectRequest
from privacy.subjects.phrases import PHRASES
from privacy.subjects.words import Ground

_DOUBTED = SubjectRequest.doubted_at.is_not(None)


_UNCALLED: dict[str, Fact] = {"called": False}


def end_unproven(
    work: UnitOfWork, clerk_for: Callable[[SubjectRequest], Clerk], *, mailing: bool
) -> int:
    """Answer those of the bound tenant whose time is over: "we cannot identify you".

    Not where it is our turn: a document waits to be looked at, the authority ordered it, or the
    operator sent it with its proof. Where nobody called the number on file it is late first, and
    ends long after its limit, with an answer that says so.

    Args:
        mailing: whether mails leave; where they do not, nobody was asked for proof by mail.

    Returns:
        How many were ended.
    """
    waiting = select(SubjectRequest).where(
        unproven(),
        or_(SubjectRequest.forwarded_at.is_(None), _DOUBTED),
        SubjectRequest.ordered_at.is_(None),
        not_(has_proof()),
    )
    if not mailing:
        waiting = waiting.where(or_(SubjectRequest.email_token.is_(None), _DOUBTED))
    rows = work.session.scalars(waiting.with_for_update(skip_locked=True))
    over = [row for row in rows if lapses_on(row) < work.today]
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
    until, called = lapses_on(row), row.email_token is not None or row.doubted_at is not None
    phrase = "unproven" if called else "uncalled"
    text = PHRASES[row.language][phrase].format(until=until.isoformat())
    write_refusal(work, clerk, row, ground=Ground.NOT_IDENTIFIED, text=text)
    facts: dict[str, Fact] = {"until": until.isoformat()}
    record(work, Event.REQUEST_LAPSED, subject=row.id, facts=facts if called else facts | _UNCALLED)
