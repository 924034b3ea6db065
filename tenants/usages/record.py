"""Write a visit into the session register, in the transaction that begins the session."""

import uuid

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from privacy.core.db.work import UnitOfWork
from privacy.core.logs import get_log
from privacy.core.outbox.enqueue import enqueue
from privacy.core.outbox.names import JobName
from privacy.vault import sealing
from privacy.vault.keyring import Keyring
from tenants.usages.contents import Usage, encode, session_digest, source_of
from tenants.usages.days import key_of_day, meaning_of, usage_id
from tenants.usages.models import SessionUsage

_log = get_log("tenants")


def record_usage(
    ring: Keyring,
    work: UnitOfWork,
    *,
    session_id: uuid.UUID,
    address: str,
    referrer: str | None,
) -> None:
    """Seal address, source and time under today's key; a job looks the address's name up later.

    Without a partition for today (the scheduler has been away for days) people can still sign
    in: the visit goes unrecorded, and the log says so.
    """
    key = key_of_day(ring, work, work.today)
    row_id = usage_id(key, session_id)
    usage = Usage(session_digest(session_id), address, None, source_of(referrer), work.now)
    sealed = sealing.seal(key, meaning_of(work, row_id, 1), encode(usage))
    row = {"tenant_id": work.tenant_id, "day": work.today, "id": row_id}
    try:
        with work.session.begin_nested():
            work.connection.execute(insert(SessionUsage).values(**row, version=1, sealed=sealed))
    except IntegrityError:
        _log.error("usage_not_recorded", reason="no_partition", day=str(work.today))
        return
    payload = {"day": work.today.isoformat(), "usage_id": str(row_id)}
    enqueue(work, name=JobName.SESSION_RESOLVE, payload=payload)
