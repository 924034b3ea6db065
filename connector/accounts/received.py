"""What a document that arrived and could be read says of its account."""

from datetime import timedelta

from sqlalchemy import select, update

from connector.accounts.find import find_account
from connector.accounts.models import ConnectorAccount
from connector.accounts.move import move_account
from connector.accounts.refs import AccountRef
from connector.accounts.refused import forget_refused
from connector.accounts.secrets import settle_secrets
from connector.accounts.states import AccountState
from privacy.core.db.work import UnitOfWork
from privacy.ledger.events import Event

_EVERY = timedelta(minutes=1)


def note_received(work: UnitOfWork, account: AccountRef, *, proven: bool = True) -> None:
    """Connect an account under test, retire older secrets, remember the time (by the minute).

    Costs nothing in the usual case, and no statement that waits: the time is written at most once
    a minute, and left to another writer that is at it.

    Args:
        proven: a call came that can be stored. What could be read and held none ends an error,
            but connects nothing that is under test.
    """
    tested = proven or account.state is not AccountState.TESTING
    if tested and account.state is not AccountState.CONNECTED:
        _connect(work, account)
    if account.generation > 1:
        settle_secrets(work, account.id, used=account.generation)
    last = account.last_received_at
    if last is not None and last >= work.now - _EVERY:
        return
    stale = ConnectorAccount.last_received_at
    free = (
        select(ConnectorAccount.id)
        .where(
            ConnectorAccount.id == account.id,
            stale.is_(None) | (stale < work.now - _EVERY),
        )
        .with_for_update(skip_locked=True)
    )
    due = (
        update(ConnectorAccount)
        .where(ConnectorAccount.id.in_(free))
        .values(last_received_at=work.now)
        .execution_options(synchronize_session=False)
    )
    work.session.execute(due)


def _connect(work: UnitOfWork, account: AccountRef) -> None:
    row = find_account(work, account.id, lock=True)
    if row.state in (AccountState.TESTING, AccountState.DEGRADED, AccountState.ERROR):
        move_account(work, row, to=AccountState.CONNECTED, event=Event.ACCOUNT_TESTED)
        forget_refused(work, account_id=account.id)
