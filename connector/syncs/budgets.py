"""An account's requests of the last minute, over all processes: kept in PostgreSQL, where taking
a turn is one short transaction that waits for nobody but another one that takes a turn.

What an outside system counts is requests of an account, whoever sends them: a sync, a test call,
a document that is sent and a subscription that is renewed share one budget.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from connector.outbound.failures import TimedOut
from connector.syncs.models import AccountBudget
from connector.syncs.stations import Station
from privacy.core.db.work import UnitOfWork

_MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class SharedTurns:
    """See connector.outbound.paces.Turns. `account_id`: whose budget it is."""

    station: Station
    account_id: uuid.UUID
    per_minute: int

    def take(self, longest: float | None) -> float:
        """Take the next turn; seconds until it is there.

        Raises:
            TimedOut: it is further away than `longest`; none is taken.
        """
        with self.station.work() as work:
            row = _locked(work, self.account_id)
            turns = [turn for turn in row.turns if turn > work.now - _MINUTE]
            at = _next(turns, work.now, max(self.per_minute, 1))
            wait = (at - work.now).total_seconds()
            if longest is not None and wait > longest:
                raise TimedOut(log="the minute's requests are used up")
            row.turns = [*turns, at]
        return wait


def _next(turns: list[datetime], now: datetime, per_minute: int) -> datetime:
    """The first moment at which no minute has more than `per_minute` turns."""
    if len(turns) < per_minute:
        return now
    return max(now, turns[-per_minute] + _MINUTE)


def _locked(work: UnitOfWork, account_id: uuid.UUID) -> AccountBudget:
    mine = AccountBudget.account_id == account_id
    found = select(AccountBudget).where(mine).with_for_update()
    row = work.session.scalar(found)
    if row is None:
        given = {"tenant_id": work.tenant_id, "account_id": account_id}
        work.session.execute(insert(AccountBudget).values(given).on_conflict_do_nothing())
        row = work.session.scalars(found).one()
    return row
