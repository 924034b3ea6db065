"""A system whose payer changed after a month was billed: its calls are billed once, to whom they
were billed first."""

import uuid
from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from connector.charging.models import CallPayer
from connector.outgoing.models import OutgoingDocument
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Conflict
from privacy.ledger.events import Event
from privacy.ledger.models import LedgerEvent

Changes = list[tuple[datetime, object]]
"""Moments, and who has paid since."""


class BilledToAnother(Conflict):
    """The same calls would be on two invoices."""

    code = "billed_to_another"
    message = (
        "Calls of one of these systems were billed to who paid for it before. Have that customer "
        "pay for it again while you bill this month."
    )


def billed_to_another(work: UnitOfWork, *, prefix: str, contact_id: uuid.UUID) -> bool:
    """Whether a system that `contact_id` pays for now was paid for by another when that other's
    month was billed.

    Args:
        prefix: of the references of the month's documents; contacts' ids stand behind it.
    """
    billed = _billed(work, prefix, contact_id)
    moved = _named_since(work, contact_id, min(billed.values())) if billed else []
    # The ledger has no index of what happened: it is asked where a payer came later alone.
    changes = _changes(work, moved) if moved else {}
    return any(
        _payer_at(of_one, moment) == str(other)
        for of_one in changes.values()
        for other, moment in billed.items()
    )


def _billed(work: UnitOfWork, prefix: str, besides: uuid.UUID) -> dict[uuid.UUID, datetime]:
    rows = work.session.execute(
        select(OutgoingDocument.reference, OutgoingDocument.created_at).where(
            OutgoingDocument.reference.startswith(prefix, autoescape=True)
        )
    )
    found = {uuid.UUID(reference.removeprefix(prefix)): moment for reference, moment in rows}
    found.pop(besides, None)
    return found


def _named_since(work: UnitOfWork, contact_id: uuid.UUID, since: datetime) -> list[str]:
    """Systems."""
    found = select(CallPayer.account_id).where(
        CallPayer.contact_id == contact_id, CallPayer.set_at >= since
    )
    return [str(one) for one in work.session.scalars(found)]


def _changes(work: UnitOfWork, systems: Collection[str]) -> dict[str, Changes]:
    found: dict[str, Changes] = defaultdict(list)
    rows = work.session.execute(
        select(LedgerEvent.subject, LedgerEvent.at, LedgerEvent.facts)
        .where(
            LedgerEvent.tenant_id == work.tenant_id,
            LedgerEvent.event == Event.CALL_PAYER_SET.value,
            LedgerEvent.subject.in_(systems),
        )
        .order_by(LedgerEvent.id)
    )
    for subject, at, facts in rows:
        found[str(subject)].append((at, facts.get("payer")))
    return found


def _payer_at(changes: Changes, moment: datetime) -> object:
    return next((payer for at, payer in reversed(changes) if at <= moment), None)
