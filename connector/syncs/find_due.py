"""Look for what is due: streams to read, accounts to test. Adds jobs; safe to call at any time."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Select, select

from connector.accounts.connections import AccountConnection
from connector.accounts.models import ConnectorAccount
from connector.accounts.states import READING, AccountState
from connector.syncs.models import AccountStream
from connector.syncs.streams import enqueue_run
from connector.syncs.try_account import enqueue_test
from privacy.core.db.work import UnitOfWork

PROBED_AFTER: Final = {
    AccountState.TESTING: timedelta(minutes=5),
    AccountState.CONNECTED: timedelta(hours=6),
    AccountState.DEGRADED: timedelta(hours=6),
    AccountState.ERROR: timedelta(hours=24),
    AccountState.NEEDS_REAUTH: timedelta(hours=24),
}
"""How long after anything was last asked of an account it is asked whether it still works."""
_SLOT: Final = timedelta(minutes=5)


def enqueue_due_streams(work: UnitOfWork) -> int:
    """A job for each account of the bound tenant with a stream that is due. Returns how many.

    A job that died does not stand in the way of the next slot's; one that still runs holds the
    account's lock, so the next one ends at once.
    """
    due = select(AccountStream.account_id).where(
        AccountStream.next_due_at <= work.now,
        AccountStream.available.is_(True),
        AccountStream.paused.is_(False),
    )
    free = AccountConnection.not_before.is_(None) | (AccountConnection.not_before <= work.now)
    found = work.session.scalars(
        _accounts(free).where(
            ConnectorAccount.id.in_(due),
            ConnectorAccount.state.in_([state.value for state in READING]),
        )
    ).all()
    for account in found:
        key = f"sync.run:{account.id}:{_slot(work.now)}"
        enqueue_run(work, account_id=account.id, run_at=work.now, dedupe_key=key)
    return len(found)


def enqueue_probes(work: UnitOfWork) -> int:
    """A test for each account of the bound tenant that has been idle. Returns how many."""
    free = AccountConnection.not_before.is_(None) | (AccountConnection.not_before <= work.now)
    statement = _accounts(free).add_columns(AccountConnection.tried_at)
    count = 0
    for account, tried_at in work.session.execute(statement):
        after = PROBED_AFTER.get(AccountState(account.state))
        if after is None or (tried_at or account.created_at) + after > work.now:
            continue
        key = f"account.test:{account.id}:{_slot(work.now)}"
        enqueue_test(work, account_id=account.id, after=timedelta(), dedupe_key=key)
        count += 1
    return count


def _accounts(free: ColumnElement[bool]) -> Select[ConnectorAccount]:
    return (
        select(ConnectorAccount)
        .join(
            AccountConnection,
            (AccountConnection.tenant_id == ConnectorAccount.tenant_id)
            & (AccountConnection.account_id == ConnectorAccount.id),
        )
        .where(ConnectorAccount.deleted_at.is_(None), free)
    )


def _slot(now: datetime) -> str:
    return str(int(now.timestamp() // _SLOT.total_seconds()))
