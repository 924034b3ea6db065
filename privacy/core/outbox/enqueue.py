"""Write a job in the transaction that needs it."""

import uuid
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.dialects.postgresql import insert

from privacy.core.db.work import UnitOfWork
from privacy.core.ids import new_id
from privacy.core.outbox.models import OutboxJob
from privacy.core.outbox.names import QUEUES, JobName, Queue

Payload = Mapping[str, str | int | bool | None]


def enqueue(
    work: UnitOfWork,
    *,
    name: JobName,
    payload: Payload | None = None,
    queue: Queue | None = None,
    run_at: datetime | None = None,
    dedupe_key: str | None = None,
) -> uuid.UUID | None:
    """Add a job for `work`'s tenant; it exists when the transaction commits.

    Args:
        payload: ids and counts only, never personal data.
        queue: another than the job's own (see names.QUEUES).
        dedupe_key: one job of this tenant has it at most; a second is not written until that one
            is over and pruned.

    Returns:
        The outbox id, or None when a job with this `dedupe_key` exists already.
    """
    row = {
        "tenant_id": work.tenant_id,
        "id": new_id(),
        "name": name.value,
        "queue": (queue or QUEUES.get(name, Queue.DEFAULT)).value,
        "payload": dict(payload or {}),
        "dedupe_key": dedupe_key,
        "run_at": run_at or work.now,
        "created_at": work.now,
    }
    statement = insert(OutboxJob).values(row).on_conflict_do_nothing().returning(OutboxJob.id)
    written: uuid.UUID | None = work.connection.execute(statement).scalar()
    return written
