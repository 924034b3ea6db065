"""What a success or a failure says of an account: its state, told once, in one place.

An outage is not a bad credential: only what is certainly about the credential ends in
needs_reauth at once; what may be counts once a day, and what is not never does.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from connector.accounts.connections import AccountConnection
from connector.accounts.models import ConnectorAccount
from connector.accounts.move import move_account
from connector.accounts.states import STEPS, AccountState
from connector.outbound.failures import CredentialDoubt, Failure, FailureKind
from connector.syncs.backoff import pause_after
from connector.syncs.models import AccountStream
from privacy.core.db.work import UnitOfWork
from privacy.core.logs import get_log
from privacy.ledger.events import Event
from privacy.ledger.record import record

_log = get_log("connections")

DEGRADED_AFTER: Final = timedelta(minutes=15)
"""An outage that is longer than this is shown as trouble."""
MOST_DOUBTS: Final = 3
"""Days on which the credential was doubted, before somebody is asked to enter it anew."""

_S = AccountState


def note_success(
    work: UnitOfWork, account: ConnectorAccount, connection: AccountConnection
) -> None:
    """Everything works (again). `account` is a locked row."""
    _note_back(work, account, connection)
    connection.failure_code = connection.failure_kind = connection.failure_text = None
    connection.failures = connection.doubts = 0
    connection.doubted_on = connection.not_before = None
    connection.checked_at = connection.tried_at = work.now
    step(work, account, _S.CONNECTED, event=Event.ACCOUNT_TESTED)


def note_working(
    work: UnitOfWork,
    account: ConnectorAccount,
    connection: AccountConnection,
    *,
    failing: Sequence[AccountStream],
) -> None:
    """It was read; these streams of it fail, and are tried again by themselves.

    An outage of one stream is shown as trouble when it lasts; anything else at once.
    """
    if not failing:
        note_success(work, account, connection)
        return
    _note_back(work, account, connection)
    connection.failures = connection.doubts = 0
    connection.doubted_on = connection.not_before = None
    connection.checked_at = connection.tried_at = work.now
    lasting = [row for row in failing if _lasts(work, row)]
    for row in lasting[:1]:
        connection.failure_code, connection.failure_kind = row.failure_code, row.failure_kind
        connection.failure_text = row.failure_text
        step(work, account, _S.DEGRADED, reason=row.failure_code)


def _lasts(work: UnitOfWork, row: AccountStream) -> bool:
    since = row.failing_since or work.now
    return row.failure_kind != FailureKind.TRANSIENT or work.now - since >= DEGRADED_AFTER


def note_failure(
    work: UnitOfWork,
    account: ConnectorAccount,
    connection: AccountConnection,
    failure: Failure,
) -> None:
    """Nothing works: `failure`. `account` is a locked row."""
    connection.tried_at = work.now
    connection.failures += 1
    _write(connection, failure)
    pause = pause_after(failure, failures=connection.failures)
    connection.not_before = work.now + pause
    if failure.kind is FailureKind.TRANSIENT:
        _note_outage(work, account, connection, failure)
        return
    _log.warning(
        "connection failed",
        tenant_id=account.tenant_id,
        account_id=account.id,
        kind=failure.kind.value,
        code=failure.code,
    )
    step(work, account, _target(work, account, connection, failure), reason=failure.code)


def _target(
    work: UnitOfWork,
    account: ConnectorAccount,
    connection: AccountConnection,
    failure: Failure,
) -> AccountState:
    if failure.credential is CredentialDoubt.CERTAIN:
        return _S.NEEDS_REAUTH
    if failure.credential is not CredentialDoubt.POSSIBLE:
        return _S.ERROR
    if connection.doubted_on != work.today:
        connection.doubts += 1
        connection.doubted_on = work.today
    if connection.doubts >= MOST_DOUBTS:
        return _S.NEEDS_REAUTH
    return _S.ERROR if account.state == _S.TESTING else _S.DEGRADED


def _note_outage(
    work: UnitOfWork,
    account: ConnectorAccount,
    connection: AccountConnection,
    failure: Failure,
) -> None:
    if connection.failing_since is None:
        connection.failing_since = work.now
        _log.warning(
            "unavailable",
            tenant_id=account.tenant_id,
            account_id=account.id,
            code=failure.code,
        )
        facts = {"code": failure.code}
        record(work, Event.ACCOUNT_UNAVAILABLE, subject=account.id, facts=facts)
    long = work.now - connection.failing_since >= DEGRADED_AFTER
    if long and account.state == _S.CONNECTED:
        step(work, account, _S.DEGRADED, reason=failure.code)


def _note_back(work: UnitOfWork, account: ConnectorAccount, connection: AccountConnection) -> None:
    if connection.failing_since is None:
        return
    seconds = round((work.now - connection.failing_since).total_seconds())
    connection.failing_since = None
    _log.info("back", tenant_id=account.tenant_id, account_id=account.id, seconds=seconds)
    record(work, Event.ACCOUNT_BACK, subject=account.id, facts={"seconds": seconds})


def _write(connection: AccountConnection, failure: Failure) -> None:
    connection.failure_code, connection.failure_kind = failure.code, failure.kind.value
    connection.failure_text = failure.advice


def step(
    work: UnitOfWork,
    account: ConnectorAccount,
    to: AccountState,
    *,
    event: Event = Event.ACCOUNT_CHANGED,
    reason: str | None = None,
) -> None:
    """Move the account, unless it is there already, or somebody has paused it meanwhile."""
    current = AccountState(account.state)
    if current is to:
        account.state_reason = reason
    elif to in STEPS[current] and current is not _S.DISABLED:
        move_account(work, account, to=to, event=event, reason=reason)
