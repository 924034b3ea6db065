"""Which accounts' subscriptions are looked after next."""

from datetime import timedelta
from typing import Final

from sqlalchemy import select

from connector.accounts.kinds import AccountKind
from connector.accounts.models import ConnectorAccount
from connector.watches.keep import RENEWED, is_wanted
from connector.watches.models import ChangeWatch
from privacy.core.db.work import UnitOfWork
from privacy.core.outbox.enqueue import enqueue
from privacy.core.outbox.names import JobName

_SLOT: Final = timedelta(minutes=20)


def enqueue_due_watches(work: UnitOfWork) -> int:
    """A job for each account of the bound tenant that lacks a subscription, has one that ends
    soon, or one that it shall not have. Returns how many."""
    watches = {row.account_id: row for row in work.session.scalars(select(ChangeWatch))}
    kind = ConnectorAccount.kind == AccountKind.MICROSOFT_CALLS.value
    accounts = set(work.session.scalars(select(ConnectorAccount.id).where(kind)))
    count = 0
    for account_id in sorted(accounts | set(watches)):
        watch = watches.get(account_id)
        wanted = is_wanted(work, account_id)
        lasts = watch is not None and watch.ends_at - work.now >= RENEWED
        if wanted != lasts and (wanted or watch is not None):
            slot = int(work.now.timestamp() // _SLOT.total_seconds())
            payload = {"account_id": str(account_id)}
            key = f"{JobName.WATCH_KEEP.value}:{account_id}:{slot}"
            enqueue(work, name=JobName.WATCH_KEEP, payload=payload, dedupe_key=key)
            count += 1
    return count
