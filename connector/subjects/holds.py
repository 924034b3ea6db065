"""The end of a hold, and what waited for it."""

import uuid

from connector.subjects.registry import HOLDERS
from privacy.core.db.work import UnitOfWork
from privacy.holds.hold import end_hold
from privacy.subjects.run import resume_erasures
from privacy.subjects.verify import enqueue_run


def release_hold(work: UnitOfWork, *, hold_id: uuid.UUID) -> list[uuid.UUID]:
    """End a hold; the requests whose erasures go on by themselves. Raises NotFound."""
    table = end_hold(work, hold_id=hold_id)
    names = [one.name for one in HOLDERS if table.value in one.tables]
    waiting = resume_erasures(work, holders=names)
    for request_id in waiting:
        enqueue_run(work, request_id)
    return waiting
