"""A delivery made by hand: taken in as any other is, then undone, all but what it proved."""

import uuid
from dataclasses import dataclass

from connector.accounts.find import find_account
from connector.accounts.kinds import KINDS, AccountKind
from connector.accounts.models import ConnectorAccount
from connector.accounts.move import move_account
from connector.accounts.refs import AccountRef, ref_of
from connector.accounts.states import AccountState
from connector.calls.batches import decode_batch
from connector.calls.outcomes import IngestOutcome
from connector.http.intake.readings import Reading
from connector.http.intake.receive import read, store
from connector.providers.base import Delivery
from privacy.core.db.work import UnitOfWork
from privacy.ledger.events import Event
from privacy.vault.keyring import Keyring

_JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Tried:
    """What would have become of it, and what that changed.

    Args:
        connected: the account was under test, and is connected by this.
        unproven: it could be read, but a real delivery is signed, and only that proves the rest.
    """

    outcome: IngestOutcome
    skipped: int
    connected: bool
    unproven: bool


def try_delivery(
    work: UnitOfWork, *, vault: Keyring, account_id: uuid.UUID, document: str
) -> Tried:
    """Take `document` in as the account's; a call that could be stored connects it.

    Raises:
        NotFound: no such account.
        AccountPaused: nothing is taken of it.
        MappingError, MalformedDocument, TooManyRecords: the document cannot be read as a whole.
        OpenError, SealLimit, Unavailable: from the vault.
    """
    row = find_account(work, account_id, lock=True)
    reading = _read(work, ref_of(row), document.encode())
    # Undoing the same work is the only way to be sure that a test answers as a delivery does.
    trial = work.session.begin_nested()
    try:
        outcome = store(work, vault=vault, account=ref_of(row), reading=reading, single=False)
    finally:
        trial.rollback()
    work.session.refresh(row)
    signed = KINDS[AccountKind(row.kind)].credential is not None
    connected = outcome.proven and not signed and _connect(work, row)
    return Tried(outcome, reading.skipped, connected, outcome.proven and signed)


def _read(work: UnitOfWork, account: AccountRef, body: bytes) -> Reading:
    if account.kind is not AccountKind.API:
        return read(account, Delivery(body=body, received_at=work.now))
    batch = decode_batch(body, _JSON)
    return Reading(
        calls=[call for _, call in batch.records],
        indexes=[index for index, _ in batch.records],
        rejections=list(batch.rejections),
    )


def _connect(work: UnitOfWork, row: ConnectorAccount) -> bool:
    if row.state != AccountState.TESTING:
        return False
    move_account(work, row, to=AccountState.CONNECTED, event=Event.ACCOUNT_TESTED, reason="by_hand")
    return True
