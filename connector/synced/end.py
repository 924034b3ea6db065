"""The end of records: of an account's, and of what was held for a law.

A tenant's end with everything else of it: see connector.marketplace.endings.
"""

import uuid

from sqlalchemy import delete

from connector.synced.columns import RecordState
from connector.synced.registry import SHELVES
from connector.synced.remove import end_records
from privacy.core.db.work import UnitOfWork
from privacy.ledger.events import Event
from privacy.ledger.record import record


def end_records_of_account(work: UnitOfWork, *, account_id: uuid.UUID) -> int:
    """A connection ends, and its data with it (promise B4); what a law obliges to keep is held.

    Returns:
        How many records it met.
    """
    ended = 0
    for kind, shelf in SHELVES.items():
        count = end_records(work, shelf.table, shelf.table.c.account_id == account_id)
        if count:
            record(
                work,
                Event.RECORDS_ENDED,
                subject=account_id,
                facts={"kind": kind.value, "records": count},
            )
        ended += count
    return ended


def erase_held(work: UnitOfWork) -> int:
    """Erase what was held for a law that obliges no longer (promise B3)."""
    erased = 0
    for kind, shelf in SHELVES.items():
        c = shelf.table.c
        over = (
            (c.tenant_id == work.tenant_id)
            & (c.state == RecordState.HELD.value)
            & (c.hold_until <= work.today)
        )
        count = int(work.connection.execute(delete(shelf.table).where(over)).rowcount)
        if count:
            record(work, Event.HELD_ERASED, facts={"kind": kind.value, "records": count})
        erased += count
    return erased
