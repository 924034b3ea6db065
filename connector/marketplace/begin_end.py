"""The beginning of the end of a subscription, whoever ends it (promise B4)."""

from datetime import timedelta
from typing import Final

from connector.marketplace.models import ServiceSubscription
from connector.marketplace.pauses import pause_accounts
from connector.marketplace.subscriptions import move_subscription
from privacy.core.db.work import UnitOfWork
from privacy.core.outbox.enqueue import enqueue
from privacy.core.outbox.names import JobName
from privacy.ledger.events import Event
from privacy.ledger.record import record

EXPORT_DAYS: Final = 30
"""Days between the end of a subscription and the destruction of its data, for an export."""


def begin_end(work: UnitOfWork, row: ServiceSubscription, *, days: int = EXPORT_DAYS) -> None:
    """Take nothing more, and offer an export by mail; `run_endings` does the rest when `days` are
    over. Raises IllegalStep."""
    ends_at = work.now + timedelta(days=days)
    move_subscription(work, row, "ending", ends_at=ends_at)
    pause_accounts(work, row.service)
    facts = {"service": row.service, "day": str(ends_at.date())}
    record(work, Event.SUBSCRIPTION_ENDING, subject=row.id, facts=facts)
    enqueue(
        work,
        name=JobName.SUBSCRIPTION_NOTICE,
        payload={"subscription_id": str(row.id), "what": "ending"},
        dedupe_key=f"subscription.ending:{row.id}",
    )
