"""Accounts that post and have become silent, told by their own rhythm and by nothing else."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Final

from sqlalchemy import select

from connector.accounts.find import find_account
from connector.accounts.kinds import KINDS
from connector.accounts.models import ConnectorAccount
from connector.accounts.move import move_account
from connector.accounts.states import AccountState
from connector.calls.models import CallTally
from privacy.core.db.work import UnitOfWork

QUIET: Final = "quiet"
LOOKED_BACK: Final = timedelta(days=28)
BUSY_DAYS: Final = 10
"""Days with calls, without which there is no rhythm to speak of."""
_DAY: Final = timedelta(days=1)
_POSTING: Final = [kind.value for kind, facts in KINDS.items() if facts.posts]


def degrade_quiet(work: UnitOfWork) -> int:
    """Show as troubled what of the bound tenant's is silent for too long. Returns how many.

    Too long is a whole day more than the longest silence of the four weeks before: an office
    that closes at the weekend is missed on Wednesday morning, not on Sunday.
    """
    statement = select(ConnectorAccount.id, ConnectorAccount.last_received_at).where(
        ConnectorAccount.deleted_at.is_(None),
        ConnectorAccount.kind.in_(_POSTING),
        ConnectorAccount.state == AccountState.CONNECTED.value,
        ConnectorAccount.last_received_at < work.now - 2 * _DAY,
    )
    count = 0
    for account_id, last in work.session.execute(statement).all():
        if last is None or not is_quiet(_days(work, account_id, last), last=last, now=work.now):
            continue
        account = find_account(work, account_id, lock=True)
        if account.state == AccountState.CONNECTED and account.last_received_at == last:
            move_account(work, account, to=AccountState.DEGRADED, reason=QUIET)
            count += 1
    return count


def is_quiet(days: Sequence[date], *, last: datetime, now: datetime) -> bool:
    """Whether the silence since `last` is unlike the one between `days` with calls, in order."""
    if len(days) < BUSY_DAYS:
        return False
    longest = max(later - day for day, later in pairwise(days))
    return now - last > longest + _DAY


def _days(work: UnitOfWork, account_id: object, last: datetime) -> list[date]:
    statement = (
        select(CallTally.day)
        .where(
            CallTally.account_id == account_id,
            CallTally.day >= (last - LOOKED_BACK).date(),
            CallTally.day <= last.date(),
        )
        .distinct()
        .order_by(CallTally.day)
    )
    return list(work.session.scalars(statement))
