"""Read call records because somebody said that there are new ones."""

import uuid
from datetime import UTC, datetime
from typing import Final

from connector.providers.microsoft.streams import CALL_RECORDS
from connector.syncs.run_account import run_account
from connector.syncs.stations import Station
from connector.syncs.streams import find_stream
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import NotFound
from privacy.core.outbox.enqueue import enqueue
from privacy.core.outbox.names import JobName

SLOT: Final = 10
"""Seconds whose notifications are read together, at their end."""


def enqueue_changes(work: UnitOfWork, *, account_id: uuid.UUID) -> None:
    """Read soon. However many are told within a slot, one job reads them."""
    slot = int(work.now.timestamp()) // SLOT + 1
    run_at = datetime.fromtimestamp(slot * SLOT, UTC)
    name, payload = JobName.CHANGES_READ, {"account_id": str(account_id)}
    key = f"{name.value}:{account_id}:{slot}"
    enqueue(work, name=name, payload=payload, run_at=run_at, dedupe_key=key)


def read_changes(station: Station, *, account_id: uuid.UUID) -> None:
    """Read the account's call records now.

    Raises:
        Busy: the account is being read; that run may have looked before the change, so come
            again.
    """
    with station.work() as work:
        try:
            row = find_stream(work, account_id, CALL_RECORDS.name, lock=True)
        except NotFound:
            return
        row.next_due_at = min(row.next_due_at or work.now, work.now)
    run_account(station, account_id=account_id)
