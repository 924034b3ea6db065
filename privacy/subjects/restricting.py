"""Restrict whom a request is about, and follow what leads to them."""

from sqlalchemy import select

from privacy.core.db.work import UnitOfWork
from privacy.identities.people import read_person
from privacy.restrictions.begin import begin_restriction
from privacy.restrictions.models import PERSON, Restriction
from privacy.restrictions.standing import ask_again
from privacy.restrictions.trails import put_trail
from privacy.restrictions.words import RestrictionGround
from privacy.subjects.clerks import Clerk
from privacy.subjects.models import SubjectRequest
from privacy.subjects.seals import subject_of
from privacy.subjects.words import RequestKind

_GROUNDS = {
    RequestKind.RESTRICTION: RestrictionGround.ACCURACY,
    RequestKind.PROCESSING: RestrictionGround.OBJECTION,
}


def restrict_subject(work: UnitOfWork, clerk: Clerk, row: SubjectRequest) -> int:
    """From this transaction on; how many records that are there now it meets."""
    subject = subject_of(work, clerk.vault, row)
    tokens = [token for tokens in subject.trail.values() for token in tokens]
    begin_restriction(
        work,
        clerk.vault,
        request_id=row.id,
        person=subject.person,
        trail=tokens,
        ground=_GROUNDS[RequestKind(row.kind)],
    )
    return sum(one.find(work, clerk.vault, subject) for one in clerk.holders)


def follow_restrictions(work: UnitOfWork, clerk: Clerk) -> int:
    """Note what leads to restricted people since: their new invoices. Returns how many there are.

    Records that name nobody are restricted by what leads to them, so this runs once a day.
    """
    living = select(Restriction).where(Restriction.lifted_at.is_(None))
    rows = list(work.session.scalars(living.with_for_update()))
    for row in rows:
        person = read_person(PERSON.open(work, clerk.vault, row.id, row.person_sealed))
        tokens = clerk.tracing.trace(work, clerk.vault, person)
        put_trail(work, clerk.vault, row, tokens)
    ask_again(work)
    return len(rows)
