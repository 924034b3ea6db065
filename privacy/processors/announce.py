"""Announce a sub-processor before it takes effect; object to it; end it."""

import uuid

from sqlalchemy import select, update

from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Conflict, NotFound
from privacy.core.ids import new_id
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.processors.models import TenantProcessor
from privacy.processors.rules import check_processor
from privacy.processors.shapes import Announcing


class TooLate(Conflict):
    """The processor is active, or ended."""

    code = "objection_too_late"
    message = "The time to object is over: the processor has begun, or has ended."


def announce_processor(
    work: UnitOfWork, said: Announcing, *, change_id: uuid.UUID | None = None
) -> uuid.UUID:
    """Enter a processor from its day on. Raises Invalid, OutsideRegion.

    Args:
        change_id: the installation's announcement; a tenant's copy of it is made once.
    """
    if change_id is not None:
        known = select(TenantProcessor.id).where(TenantProcessor.change_id == change_id)
        if (found := work.session.scalar(known)) is not None:
            return found
    check_processor(work, said)
    row = TenantProcessor(
        tenant_id=work.tenant_id,
        id=new_id(),
        change_id=change_id,
        service=said.service,
        name=said.name.strip(),
        role=said.role.strip(),
        country=said.country,
        runs=said.runs,
        transfer=said.transfer.value,
        transfer_valid_until=said.transfer_valid_until,
        assessed_on=said.assessed_on,
        assessment_url=said.assessment_url or None,
        statement_url=said.statement_url,
        agreement_url=said.agreement_url,
        fields=sorted(set(said.fields)),
        state="announced",
        announced_at=work.now,
        effective_on=said.effective_on,
    )
    work.session.add(row)
    work.session.flush()
    record(work, Event.PROCESSOR_ANNOUNCED, subject=row.id, facts={"service": said.service})
    return row.id


def object_to_processor(work: UnitOfWork, *, processor_id: uuid.UUID) -> None:
    """The organisation objects in time. Raises NotFound, TooLate."""
    row = _row(work, processor_id)
    if row.state != "announced" or row.effective_on <= work.today:
        raise TooLate
    row.objected_at = row.objected_at or work.now
    record(work, Event.PROCESSOR_OBJECTED, subject=processor_id)


def end_processor(work: UnitOfWork, *, processor_id: uuid.UUID) -> None:
    """It gets nothing more. The entry stays in the register. Raises NotFound."""
    row = _row(work, processor_id)
    if row.ended_at is None:
        row.state, row.ended_at = "ended", work.now
        record(work, Event.PROCESSOR_ENDED, subject=processor_id)


def begin_processors(work: UnitOfWork) -> int:
    """Announced ones whose day has come, and to which nobody objected. Returns how many."""
    due = (
        TenantProcessor.tenant_id == work.tenant_id,
        TenantProcessor.state == "announced",
        TenantProcessor.effective_on <= work.today,
        TenantProcessor.objected_at.is_(None),
    )
    begun = update(TenantProcessor).where(*due).values(state="active")
    return work.connection.execute(begun).rowcount


def _row(work: UnitOfWork, processor_id: uuid.UUID) -> TenantProcessor:
    found = select(TenantProcessor).where(TenantProcessor.id == processor_id).with_for_update()
    row = work.session.scalar(found)
    if row is None:
        raise NotFound
    return row
