"""Exports that are made by themselves, every so many days, to a public key of the tenant's."""

from datetime import timedelta
from typing import Final

from connector.exports.ages import check_recipient
from connector.exports.ask import ExportUnderWay, ask_export
from connector.exports.models import ExportSchedule
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid
from privacy.ledger.events import Event
from privacy.ledger.record import record

MOST_DAYS: Final = 366


def set_schedule(work: UnitOfWork, *, recipient: str, every_days: int) -> None:
    """Make an export every `every_days` days from now on, the first one within the hour.

    A schedule needs a public key: nobody is there to enter a passphrase.

    Raises:
        Invalid.
    """
    key = check_recipient(recipient)
    if not 1 <= every_days <= MOST_DAYS:
        raise Invalid(fields={"every_days": f"Choose 1 to {MOST_DAYS} days."})
    row = find_schedule(work)
    if row is None:
        row = ExportSchedule(tenant_id=work.tenant_id, next_at=work.now)
        work.session.add(row)
    row.recipient, row.every_days = key, every_days
    row.next_at, row.set_at, row.set_by = work.now, work.now, work.actor.id
    work.session.flush()
    record(work, Event.EXPORTS_SCHEDULED, facts={"every_days": every_days})


def end_schedule(work: UnitOfWork) -> None:
    """Make none by itself any more; there may be no schedule."""
    row = find_schedule(work)
    if row is not None:
        work.session.delete(row)
        work.session.flush()
        record(work, Event.EXPORTS_SCHEDULED, facts={"every_days": 0})


def find_schedule(work: UnitOfWork) -> ExportSchedule | None:
    """The bound tenant's schedule, if it has one."""
    return work.session.get(ExportSchedule, work.tenant_id)


def offer_export(work: UnitOfWork) -> None:
    """The end is near: make one now where a schedule says to whom; others are asked by mail."""
    row = find_schedule(work)
    if row is not None:
        row.next_at = work.now
        ask_due(work)


def ask_due(work: UnitOfWork) -> bool:
    """Ask for an export if one is due; whether one was."""
    row = work.session.get(ExportSchedule, work.tenant_id, with_for_update=True)
    if row is None or row.next_at > work.now:
        return False
    try:
        ask_export(work, recipient=row.recipient, scheduled=True)
    except ExportUnderWay:
        return False
    row.next_at = max(row.next_at + timedelta(days=row.every_days), work.now)
    work.session.flush()
    return True
