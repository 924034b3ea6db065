"""Begin and end a hold. A trigger of each table passes held rows over, whoever deletes.

It looks at this register in the very statement that deletes, so a hold that began while an
erasure was under way is honoured.
"""

import uuid
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import select

from privacy.core.db.base import Base
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid, NotFound
from privacy.core.ids import new_id
from privacy.holds.models import REASON, Holdable, LegalHold
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.vault.keyring import Keyring

LONGEST: Final = 1000


@dataclass(frozen=True, slots=True)
class HoldView:
    """One hold."""

    id: uuid.UUID
    relation: Holdable
    row_id: uuid.UUID
    reason: str = field(repr=False)
    began_at: datetime
    ended_at: datetime | None


def begin_hold(
    work: UnitOfWork, vault: Keyring, *, relation: Holdable, row_id: uuid.UUID, reason: str
) -> uuid.UUID:
    """Hold one row; the hold's id.

    Raises:
        NotFound: the bound tenant has no such row. Invalid: no reason was given.
    """
    plain = reason.strip()
    if not plain or len(plain) > LONGEST:
        raise Invalid(fields={"reason": f"Give the reason, in up to {LONGEST} characters."})
    table = Base.metadata.tables[relation.value]
    there = select(table.c.id).where(table.c.tenant_id == work.tenant_id, table.c.id == row_id)
    if work.connection.execute(there.with_for_update()).scalar() is None:
        raise NotFound
    row = LegalHold(
        tenant_id=work.tenant_id,
        id=new_id(),
        relation=relation.value,
        row_id=row_id,
        began_at=work.now,
        began_by=work.actor.id,
    )
    row.reason_sealed = REASON.seal(work, vault, row.id, plain.encode())
    work.session.add(row)
    work.session.flush()
    record(work, Event.HOLD_BEGUN, subject=row.id, facts={"relation": relation.value})
    return row.id


def end_hold(work: UnitOfWork, *, hold_id: uuid.UUID) -> Holdable:
    """End one; of which table. What waited for it goes on (see privacy.subjects.resume).

    Raises:
        NotFound: no such hold, or it has ended.
    """
    found = select(LegalHold).where(LegalHold.id == hold_id, LegalHold.ended_at.is_(None))
    row = work.session.scalar(found.with_for_update())
    if row is None:
        raise NotFound
    row.ended_at, row.ended_by = work.now, work.actor.id
    work.session.flush()
    record(work, Event.HOLD_ENDED, subject=row.id, facts={"relation": row.relation})
    return Holdable(row.relation)


def list_holds(
    work: UnitOfWork, vault: Keyring, *, before: uuid.UUID | None = None, limit: int = 200
) -> list[HoldView]:
    """Those that stand, the latest first, before the id `before`."""
    found = select(LegalHold).where(LegalHold.ended_at.is_(None))
    if before is not None:
        found = found.where(LegalHold.id < before)
    rows = work.session.scalars(found.order_by(LegalHold.id.desc()).limit(limit))
    return [
        HoldView(
            row.id,
            Holdable(row.relation),
            row.row_id,
            REASON.open(work, vault, row.id, row.reason_sealed).decode(),
            row.began_at,
            row.ended_at,
        )
        for row in rows
    ]


def held_among(
    work: UnitOfWork, relation: Holdable, row_ids: Collection[uuid.UUID]
) -> set[uuid.UUID]:
    """Which of these rows are held now."""
    held = select(LegalHold.row_id).where(
        LegalHold.relation == relation.value,
        LegalHold.row_id.in_(row_ids),
        LegalHold.ended_at.is_(None),
    )
    return set(work.session.scalars(held))


def any_held(work: UnitOfWork, relations: Collection[str]) -> bool:
    """Whether any row of these tables is held now."""
    held = select(LegalHold.id).where(
        LegalHold.relation.in_(relations), LegalHold.ended_at.is_(None)
    )
    return work.session.scalar(held.limit(1)) is not None
