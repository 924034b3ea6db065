"""The test call: nothing is connected before it has worked, no new credential is used before.

Three steps: a unit of work that says that it is tested, the call with no transaction open, and
a unit of work that says what came of it.
"""

import uuid
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.exc import IntegrityError

from connector.accounts.beginnings import is_unknown
from connector.accounts.connections import AccountConnection
from connector.accounts.find import find_account
from connector.accounts.models import ConnectorAccount
from connector.accounts.move import move_account
from connector.accounts.pending import connection_of, promote_pending
from connector.accounts.states import AccountState
from connector.outbound.failures import (
    ConfigurationFailure,
    CredentialDoubt,
    Failure,
    FailureKind,
)
from connector.providers.port import Discovery
from connector.syncs.backoff import pause_after
from connector.syncs.openings import Opened, open_account
from connector.syncs.stations import Station
from connector.syncs.streams import enqueue_run, ensure_streams
from connector.syncs.verdicts import note_failure, note_success
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Conflict
from privacy.core.outbox.enqueue import enqueue
from privacy.core.outbox.names import JobName
from privacy.ledger.events import Event
from privacy.ledger.record import record

PATIENCE = 12.0
"""Seconds that a page waits for the outcome; then a job goes on."""


class ConnectedAlready(ConfigurationFailure):
    """The same outside account twice would store everything twice."""

    code = "account_exists"
    message = "This outside account is connected already. Use the existing account instead."


class AnotherAccount(ConfigurationFailure):
    """The credential works, for something else than what was read so far."""

    code = "another_account"
    message = (
        "These credentials belong to another outside account. Enter those of the account that "
        "was connected, or add the other one as a new system."
    )


class AccountPaused(Conflict):
    """Nothing is asked of a paused account."""

    code = "account_paused"
    message = "This system is paused. Resume it first."


@dataclass(frozen=True, slots=True)
class Tested:
    """What came of a test call.

    Args:
        state: where the account stands now.
        worked: the credential that was tested is in use now.
        later: nobody answered in time; a job goes on testing.
        message: for the person who asked; can repeat what the other side said, so it is shown
            and not stored. Empty where all is well.
    """

    state: AccountState
    worked: bool
    later: bool = False
    code: str = ""
    message: str = ""


def try_account(
    station: Station, *, account_id: uuid.UUID, asked: bool = True, patience: float | None = None
) -> Tested:
    """Make a test call with the new credential, or else with the one in use.

    Args:
        asked: somebody asked for it; the account is then shown as under test.
        patience: seconds that may be taken, while somebody waits: see PATIENCE.

    Raises:
        NotFound: no such account, or it is not asked. AccountPaused: it is paused.
        OpenError: its credential was changed outside the service.
    """
    pending = _begin(station, account_id, asked=asked)
    try:
        opened = open_account(station, account_id=account_id, pending=pending, patience=patience)
        discovery = opened.connection.discover()
    except Failure as failure:
        return _failed(station, account_id, failure, pending=pending)
    return _worked(station, account_id, opened, discovery)


def _begin(station: Station, account_id: uuid.UUID, *, asked: bool) -> bool:
    """Whether a new credential waits to be tested."""
    with station.work() as work:
        account = find_account(work, account_id, lock=True)
        connection = connection_of(work, account_id)
        state = AccountState(account.state)
        if state is AccountState.DISABLED:
            raise AccountPaused
        waiting = (AccountState.NEEDS_REAUTH, AccountState.ERROR)
        if state is AccountState.DRAFT or (asked and state in waiting):
            move_account(work, account, to=AccountState.TESTING, event=Event.ACCOUNT_TESTED)
        connection.tried_at = work.now
        return connection.pending_sealed is not None


def _worked(
    station: Station, account_id: uuid.UUID, opened: Opened, discovery: Discovery
) -> Tested:
    with station.work() as work:
        account = find_account(work, account_id, lock=True)
        connection = connection_of(work, account_id)
        refused = _identify(work, account, discovery)
        if refused is not None:
            return _refused(work, account, connection, refused, pending=opened.pending)
        if opened.pending:
            promote_pending(work, station.vault, account, connection)
        connection.display_name = discovery.display_name[:120]
        before = account.state
        note_success(work, account, connection)
        ensure_streams(
            work,
            account_id=account_id,
            streams=opened.provider.streams,
            service=opened.service,
            readable=discovery.streams,
        )
        if before != account.state:
            enqueue_run(work, account_id=account_id, run_at=work.now)
        return Tested(AccountState(account.state), worked=True)


def _identify(
    work: UnitOfWork, account: ConnectorAccount, discovery: Discovery
) -> ConfigurationFailure | None:
    """Take the outside account's own name, once; say what is wrong where it cannot be."""
    if account.external_key == discovery.external_key:
        return None
    if not is_unknown(account.external_key):
        return AnotherAccount(log="another external key")
    try:
        with work.session.begin_nested():
            account.external_key = discovery.external_key
            work.session.flush()
    except IntegrityError:
        work.session.refresh(account)
        return ConnectedAlready(log="the external key is taken")
    return None


def _failed(station: Station, account_id: uuid.UUID, failure: Failure, *, pending: bool) -> Tested:
    with station.work() as work:
        account = find_account(work, account_id, lock=True)
        connection = connection_of(work, account_id)
        if failure.kind is FailureKind.TRANSIENT:
            return _postpone(work, account, connection, failure, pending=pending)
        return _refused(work, account, connection, failure, pending=pending)


def _postpone(
    work: UnitOfWork,
    account: ConnectorAccount,
    connection: AccountConnection,
    failure: Failure,
    *,
    pending: bool,
) -> Tested:
    """Nobody knows yet: an outage says nothing of a credential. A job goes on."""
    if pending:
        connection.failures += 1
        wait = pause_after(failure, failures=connection.failures)
    else:
        note_failure(work, account, connection, failure)
        wait = (connection.not_before or work.now) - work.now
    if pending or account.state == AccountState.TESTING:
        enqueue_test(work, account_id=account.id, after=wait)
    state = AccountState(account.state)
    return Tested(state, worked=False, later=True, code=failure.code, message=failure.message)


def enqueue_test(
    work: UnitOfWork, *, account_id: uuid.UUID, after: timedelta, dedupe_key: str | None = None
) -> None:
    """Add the job that tests an account by itself."""
    enqueue(
        work,
        name=JobName.ACCOUNT_TEST,
        payload={"account_id": str(account_id)},
        run_at=work.now + after,
        dedupe_key=dedupe_key,
    )


def _refused(
    work: UnitOfWork,
    account: ConnectorAccount,
    connection: AccountConnection,
    failure: Failure,
    *,
    pending: bool,
) -> Tested:
    """A new credential that does not work is dropped: the old one stays, and what it can do."""
    if pending:
        connection.pending_sealed = None
        record(work, Event.ACCOUNT_REFUSED, subject=account.id, facts={"code": failure.code})
    if not pending or account.state == AccountState.TESTING:
        note_failure(work, account, connection, _as_test(failure))
    state = AccountState(account.state)
    return Tested(state, worked=False, code=failure.code, message=failure.message)


def _as_test(failure: Failure) -> Failure:
    """Who has just entered a credential is asked to look at it, not to wait for days."""
    if failure.credential is CredentialDoubt.POSSIBLE:
        failure.credential = CredentialDoubt.NONE
    return failure
