"""Restrict, from this transaction on."""

import uuid
from collections.abc import Iterable

from sqlalchemy import select

from privacy.core.db.work import UnitOfWork
from privacy.core.ids import new_id
from privacy.identities.people import Person, seal_person
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.restrictions.models import PERSON, Restriction
from privacy.restrictions.standing import ask_again
from privacy.restrictions.trails import put_trail
from privacy.restrictions.words import RestrictionGround
from privacy.vault.keyring import Keyring


def begin_restriction(
    work: UnitOfWork,
    vault: Keyring,
    *,
    request_id: uuid.UUID,
    person: Person,
    trail: Iterable[int],
    ground: RestrictionGround,
) -> uuid.UUID:
    """Restrict a person for a request; its id. Twice for one request is once.

    Args:
        person: what is proven of them.
        trail: tokens of records that name nobody themselves.
    """
    known = restriction_of(work, request_id)
    if known is not None:
        return known.id
    row = Restriction(
        tenant_id=work.tenant_id,
        id=new_id(),
        request_id=request_id,
        ground=ground.value,
        began_at=work.now,
        began_by=work.actor.id,
    )
    row.person_sealed = PERSON.seal(work, vault, row.id, seal_person(person))
    put_trail(work, vault, row, trail)
    work.session.add(row)
    work.session.flush()
    ask_again(work)
    record(work, Event.RESTRICTION_BEGUN, subject=row.id, facts={"ground": ground.value})
    return row.id


def restriction_of(
    work: UnitOfWork, request_id: uuid.UUID, *, lock: bool = False
) -> Restriction | None:
    """The one that was made for a request."""
    found = select(Restriction).where(Restriction.request_id == request_id)
    one: Restriction | None = work.session.scalar(found.with_for_update() if lock else found)
    return one
