"""What an account that posts was refused, and when that is more than a single bad document."""

import uuid
from typing import Final

from sqlalchemy import delete

from connector.accounts.find import find_account
from connector.accounts.models import AccountIntake, ConnectorAccount
from connector.accounts.move import move_account
from connector.accounts.states import RECEIVING, AccountState
from privacy.core.db.work import UnitOfWork

TROUBLED_AFTER: Final = 3
"""Minutes with refusals and without a document that could be read."""


def note_refused(work: UnitOfWork, *, account_id: uuid.UUID, code: str) -> None:
    """Count a refusal; call it once a minute, for senders repeat.

    An account of which nothing can be read stands in error. It is listened to all the same: the
    next document that can be read connects it again.

    Raises NotFound.
    """
    account = find_account(work, account_id, lock=True)
    intake = work.session.get(AccountIntake, (work.tenant_id, account_id))
    if intake is None:
        intake = AccountIntake(
            tenant_id=work.tenant_id, account_id=account_id, refused=0, refused_since=work.now
        )
        work.session.add(intake)
    last = account.last_received_at
    if last is not None and last >= intake.refused_since:
        intake.refused, intake.refused_since = 0, work.now
    intake.refused += 1
    if intake.refused >= TROUBLED_AFTER and _listens(account):
        move_account(work, account, to=AccountState.ERROR, reason=code)


def forget_refused(work: UnitOfWork, *, account_id: uuid.UUID) -> None:
    """It works again."""
    work.session.execute(delete(AccountIntake).where(AccountIntake.account_id == account_id))


def _listens(account: ConnectorAccount) -> bool:
    state = AccountState(account.state)
    return state in RECEIVING and state is not AccountState.ERROR
