"""Erase what is stale, or note that it was supplemented or is needed; and list what waits."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from sqlalchemy import func, select

from connector.contacts.erase import erase_contact
from connector.contacts.shelf import CONTACTS
from connector.stale.models import StaleFinding
from connector.synced.views import open_records
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import NotFound
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.vault.keyring import Keyring

Decision = Literal["erased", "supplemented", "needed"]
PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class StaleView:
    """One finding with the name of its contact."""

    id: uuid.UUID
    contact_id: uuid.UUID
    name: str
    by_hand: bool
    rule: str
    found_at: datetime

    def __repr__(self) -> str:
        return f"<StaleView {self.id}>"


def list_stale(work: UnitOfWork, vault: Keyring, *, rule: str = "") -> list[StaleView]:
    """What waits for a decision, the oldest first; said in the ledger."""
    waiting = select(StaleFinding).where(StaleFinding.decision.is_(None))
    if rule:
        waiting = waiting.where(StaleFinding.rule == rule)
    rows = work.session.scalars(
        waiting.order_by(StaleFinding.found_at, StaleFinding.id).limit(PAGE)
    ).all()
    views = _views(work, vault, rows)
    record(work, Event.STALE_LISTED, facts={"found": len(views)})
    return views


def count_stale(work: UnitOfWork) -> dict[str, int]:
    """How many wait, by rule."""
    waiting = select(StaleFinding.rule, func.count()).where(StaleFinding.decision.is_(None))
    rows = work.session.execute(waiting.group_by(StaleFinding.rule)).all()
    return {str(rule): int(count) for rule, count in rows}


def open_finding(work: UnitOfWork, *, finding_id: uuid.UUID) -> StaleFinding:
    """A finding on which nobody has decided, locked. Raises NotFound."""
    found = select(StaleFinding).where(
        StaleFinding.id == finding_id, StaleFinding.decision.is_(None)
    )
    row = work.session.scalar(found.with_for_update())
    if row is None:
        raise NotFound
    return row


def decide_stale(
    work: UnitOfWork, vault: Keyring, *, finding_id: uuid.UUID, decision: Decision
) -> None:
    """Decide; erasing erases the contact with everything about it. Raises NotFound."""
    row = open_finding(work, finding_id=finding_id)
    if decision == "erased":
        erase_contact(work, vault=vault, contact_id=row.contact_id)
    alike = select(StaleFinding).where(
        StaleFinding.contact_id == row.contact_id, StaleFinding.decision.is_(None)
    )
    for one in work.session.scalars(alike):
        if one.id == row.id or decision == "erased":
            one.decision, one.decided_at, one.decided_by = decision, work.now, work.actor.id
    work.session.flush()
    record(work, Event.STALE_DECIDED, subject=finding_id, facts={"as": decision, "by": row.rule})


def _views(work: UnitOfWork, vault: Keyring, rows: Sequence[StaleFinding]) -> list[StaleView]:
    c = CONTACTS.table.c
    mine = c.tenant_id == work.tenant_id, c.id.in_([row.contact_id for row in rows])
    opened = {
        view.id: view
        for view in open_records(
            work, vault, CONTACTS, work.connection.execute(select(*c).where(*mine))
        )
    }
    return [
        StaleView(
            row.id,
            row.contact_id,
            opened[row.contact_id].record.name,
            opened[row.contact_id].by_hand,
            row.rule,
            row.found_at,
        )
        for row in rows
        if row.contact_id in opened
    ]
