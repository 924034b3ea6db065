"""Who was erased and may not come back, without names; and how somebody lets them come back."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select

from connector.synced.erasures.models import ErasedRecord
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import NotFound
from privacy.ledger.events import Event
from privacy.ledger.record import record


@dataclass(frozen=True, slots=True)
class Erasure:
    """One erased contact, by the id that it had and would have again."""

    contact_id: uuid.UUID
    account_id: uuid.UUID
    erased_at: datetime


def list_erasures(work: UnitOfWork, *, limit: int = 200) -> list[Erasure]:
    """The latest first."""
    latest = func.min(ErasedRecord.erased_at).label("erased_at")
    statement = (
        select(ErasedRecord.contact_id, ErasedRecord.account_id, latest)
        .group_by(ErasedRecord.contact_id, ErasedRecord.account_id)
        .order_by(latest.desc(), ErasedRecord.contact_id)
        .limit(limit)
    )
    return [Erasure(*row) for row in work.session.execute(statement)]


def lift_erasure(work: UnitOfWork, *, contact_id: uuid.UUID) -> None:
    """Let it be brought again: by the next reading of everything, or when it changes there.

    Raises:
        NotFound: no such erasure, or it is another tenant's.
    """
    lifted = work.session.execute(
        delete(ErasedRecord)
        .where(ErasedRecord.contact_id == contact_id)
        .returning(ErasedRecord.token)
    ).all()
    if not lifted:
        raise NotFound
    record(work, Event.ERASURE_LIFTED, subject=contact_id)


def forget_erasures(work: UnitOfWork, *, account_id: uuid.UUID) -> None:
    """Its system is disconnected: nothing of it can come again."""
    work.session.execute(delete(ErasedRecord).where(ErasedRecord.account_id == account_id))
