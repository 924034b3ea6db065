"""Which accounts' subscriptions are looked after next."""

import uuid
from datetime import timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, exists, not_, or_, select

from connector.accounts.models import ConnectorAccount
from connector.accounts.states import READING
from connector.syncs.models import AccountStream
from connector.watches.keep import RENEWED
from connector.watches.kinds import TOLD
from connector.watches.models import ChangeWatch
from privacy.core.db.work import UnitOfWork
from privacy.core.outbox.enqueue import enqueue
from privacy.core.outbox.names import JobName

_SLOT: Final = timedelta(minutes=20)


def enqueue_due_watches(work: UnitOfWork) -> int:
    """A job for each account of the bound tenant that lacks a subscription, has one that ends
    soon, or one that it shall not have. One question, however many accounts. Returns how many."""
    wanted, kept = _wanted(), ChangeWatch.account_id.is_not(None)
    lasts = ChangeWatch.ends_at >= work.now + RENEWED
    due = or_(and_(wanted, or_(not_(kept), not_(lasts))), and_(not_(wanted), kept))
    joined = and_(
        ChangeWatch.tenant_id == ConnectorAccount.tenant_id,
        ChangeWatch.account_id == ConnectorAccount.id,
    )
    statement = (
        select(ConnectorAccount.id)
        .join(ChangeWatch, joined, isouter=True)
        .where(or_(ConnectorAccount.kind.in_([kind.value for kind in TOLD]), kept), due)
        .order_by(ConnectorAccount.id)
    )
    slot = int(work.now.timestamp() // _SLOT.total_seconds())
    found = work.session.scalars(statement).all()
    for account_id in found:
        key = f"{JobName.WATCH_KEEP.value}:{account_id}:{slot}"
        payload = {"account_id": str(account_id)}
        enqueue(work, name=JobName.WATCH_KEEP, payload=payload, dedupe_key=key)
    return len(found)


def enqueue_watch(work: UnitOfWork, *, account_id: uuid.UUID) -> None:
    """Look after one account's now: it was paused, and what it is told ends. Nothing where none
    is told."""
    kept = select(ChangeWatch.account_id).where(ChangeWatch.account_id == account_id)
    if work.session.scalar(kept) is not None:
        key = f"{JobName.WATCH_KEEP.value}:{account_id}:paused:{work.now.timestamp():.3f}"
        payload = {"account_id": str(account_id)}
        enqueue(work, name=JobName.WATCH_KEEP, payload=payload, dedupe_key=key)


def _wanted() -> ColumnElement[bool]:
    """The same as keep.is_wanted, of all accounts at once."""
    reads = and_(
        AccountStream.tenant_id == ConnectorAccount.tenant_id,
        AccountStream.account_id == ConnectorAccount.id,
        AccountStream.available,
        not_(AccountStream.paused),
    )
    told = [
        and_(
            ConnectorAccount.kind == kind.value,
            exists().where(reads, AccountStream.stream.in_(streams)),
        )
        for kind, streams in TOLD.items()
    ]
    return and_(
        or_(*told),
        ConnectorAccount.deleted_at.is_(None),
        ConnectorAccount.state.in_([state.value for state in READING]),
    )
