"""Take the journal to escrow. What is there is deleted here: escrow's chain is the journal."""

from datetime import timedelta
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from privacy.core.db.work import UnitOfWork
from privacy.erasures.journals import Journal
from privacy.erasures.models import ErasureHead, ErasureNote
from privacy.erasures.segments import Head, Note
from privacy.ledger.encoding import Fact
from privacy.ledger.events import Event
from privacy.ledger.record import record

KEPT: Final = timedelta(days=100)
"""Longer than any backup is kept (35 days, promise F4) and than one can be forgotten for."""
_MOST: Final = 1000


def export_erasures(work: UnitOfWork, journal: Journal) -> int:
    """Of the bound tenant, in one segment. Returns how many notes went.

    The tenant's head is locked meanwhile, so two exports follow each other. Killed before the
    commit, the next one takes the same notes again, and replaying twice changes nothing.

    Raises:
        EscrowFailed: escrow did not take it, or its chain is damaged; nothing is lost here.
    """
    row = lock_head(work)
    ordered = select(ErasureNote).order_by(ErasureNote.at, ErasureNote.id).limit(_MOST)
    found = list(work.session.scalars(ordered))
    if found:
        notes = [Note(one.id, one.relation, one.act, one.rows, one.at) for one in found]
        head = journal.add(work.tenant_id, notes, work.now)
        note_head(row, head)
        # The sequencer takes it to the anchors, where whoever writes to escrow has no rights.
        facts: dict[str, Fact] = {"segments": head.last, "head": head.mac.hex()}
        record(work, Event.JOURNAL_ESCROWED, facts=facts)
        ids = [one.id for one in found]
        work.session.execute(delete(ErasureNote).where(ErasureNote.id.in_(ids)))
    journal.drop_before(work.tenant_id, work.now - KEPT)
    return len(found)


def export_all(work: UnitOfWork, journal: Journal) -> int:
    """The same until nothing is left, in one transaction."""
    done = 0
    while taken := export_erasures(work, journal):
        done += taken
    return done


def note_head(row: ErasureHead, head: Head) -> None:
    """This database knows the chain up to here."""
    row.segments, row.mac, row.moved_at = head.last, head.mac, head.moved_at


def lock_head(work: UnitOfWork) -> ErasureHead:
    """The bound tenant's row, made when there is none, and locked."""
    fresh = insert(ErasureHead).values(
        tenant_id=work.tenant_id, segments=0, mac=b"", moved_at=work.now
    )
    work.session.execute(fresh.on_conflict_do_nothing())
    statement = select(ErasureHead).with_for_update()
    return work.session.scalars(statement).one()
