"""What would become of an account's records if it were deleted: said before it is."""

import uuid
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from connector.synced.columns import RecordState
from connector.synced.registry import SHELVES
from connector.synced.shapes import RecordKind
from privacy.core.db.work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Foreseen:
    """Records of one kind: how many go, and how many a law obliges to hold until `until`."""

    kind: RecordKind
    erased: int
    held: int
    until: date | None


def foresee_end(work: UnitOfWork, *, account_id: uuid.UUID) -> list[Foreseen]:
    """For each kind that the account has brought anything of; nothing is changed."""
    found = []
    for kind, shelf in SHELVES.items():
        c = shelf.table.c
        obliged = c.hold_until > work.today
        statement = select(
            func.count(), func.count().filter(obliged), func.max(c.hold_until).filter(obliged)
        ).where(
            c.tenant_id == work.tenant_id,
            c.account_id == account_id,
            c.state == RecordState.LIVING.value,
        )
        everything, held, until = work.connection.execute(statement).one()
        if everything:
            found.append(Foreseen(kind, everything - held, held, until))
    return found
