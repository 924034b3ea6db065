"""Pause, resume, test, rotate and delete an account."""

import uuid

from connector.accounts.credentials import seal_credential
from connector.accounts.find import find_account
from connector.accounts.kinds import KINDS, AccountKind
from connector.accounts.models import ConnectorAccount
from connector.accounts.move import move_account, tell_state
from connector.accounts.secrets import close_secrets, issue_secret
from connector.accounts.states import AccountState
from connector.synced.end import end_records_of_account
from connector.syncs.end import end_reading
from connector.watches.find_due import enqueue_watch
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Conflict, Invalid
from privacy.core.outbox.enqueue import enqueue
from privacy.core.outbox.names import JobName
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.vault.keyring import Keyring


class PausedByOperator(Conflict):
    """Whoever suspended the subscription resumes it."""

    code = "paused_by_operator"
    message = "Its service is suspended. It is resumed together with the service."


def pause_account(work: UnitOfWork, *, account_id: uuid.UUID, by: str = "tenant") -> None:
    """Take nothing more from it until it is resumed. Raises NotFound, IllegalStep."""
    account = find_account(work, account_id, lock=True)
    move_account(work, account, to=AccountState.DISABLED, event=Event.ACCOUNT_PAUSED, by=by)
    enqueue_watch(work, account_id=account_id)


def resume_account(work: UnitOfWork, *, account_id: uuid.UUID, by: str = "tenant") -> None:
    """Listen again; the next document that works connects it, or a test call where we ask.

    Raises NotFound, IllegalStep; PausedByOperator where a tenant resumes what an operator paused.
    """
    account = find_account(work, account_id, lock=True)
    if account.disabled_by == "operator" and by != "operator":
        raise PausedByOperator
    move_account(work, account, to=AccountState.TESTING, event=Event.ACCOUNT_RESUMED)
    _test_by_job(work, account)


def start_test(work: UnitOfWork, *, account_id: uuid.UUID) -> None:
    """Wait for a first document; one that can be read connects it. Raises NotFound, IllegalStep."""
    account = find_account(work, account_id, lock=True)
    if account.state != AccountState.TESTING:
        move_account(work, account, to=AccountState.TESTING, event=Event.ACCOUNT_TESTED)
    _test_by_job(work, account)


def _test_by_job(work: UnitOfWork, account: ConnectorAccount) -> None:
    if KINDS[AccountKind(account.kind)].pulled:
        enqueue(work, name=JobName.ACCOUNT_TEST, payload={"account_id": str(account.id)})


def rotate_secret(work: UnitOfWork, *, account_id: uuid.UUID) -> str:
    """A new secret address. The old one works until the new one has been used.

    Raises:
        NotFound: no such account.
        Invalid: nothing posts to an account of this kind.
    """
    account = find_account(work, account_id, lock=True)
    if not KINDS[AccountKind(account.kind)].posts:
        raise Invalid("This account has no address of its own: rotate its API key instead.")
    record(work, Event.ACCOUNT_ROTATED, subject=account_id, facts={"what": "secret"})
    return issue_secret(work, account_id)


def replace_credential(
    work: UnitOfWork, *, vault: Keyring, account_id: uuid.UUID, credential: str
) -> None:
    """Enter a credential anew; the old one is overwritten and cannot be read back."""
    account = find_account(work, account_id, lock=True)
    if KINDS[AccountKind(account.kind)].pulled:
        raise Invalid("Enter this system's credential field by field.")
    seal_credential(work, vault, account, credential)
    record(work, Event.ACCOUNT_ROTATED, subject=account_id, facts={"what": "credential"})


def delete_account(work: UnitOfWork, *, account_id: uuid.UUID) -> None:
    """End a connection: its address closes, its credential goes, its calls end with their days.

    Its records end with it (promise B4), and all notes of its reading; of records that a law
    obliges to keep, the books' part is held until then (promise B3).
    """
    account = find_account(work, account_id, lock=True)
    close_secrets(work, account_id)
    end_records_of_account(work, account_id=account_id)
    end_reading(work, account_id=account_id)
    _forget(account, work)
    record(work, Event.ACCOUNT_DELETED, subject=account_id, facts={"kind": account.kind})


def _forget(account: ConnectorAccount, work: UnitOfWork) -> None:
    before = account.state
    account.deleted_at, account.credential_sealed = work.now, None
    account.state, account.disabled_by = AccountState.DISABLED.value, "tenant"
    account.state_reason = "deleted"
    tell_state(work, account, before=before)
