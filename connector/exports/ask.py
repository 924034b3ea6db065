"""Ask for an export, list what there is, and delete one."""

import uuid
from typing import Final

from sqlalchemy import select

from connector.exports.ages import check_recipient
from connector.exports.models import UNDER_WAY, ExportState, TenantExport
from connector.exports.parts import drop_parts
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Conflict, NotFound
from privacy.core.ids import new_id
from privacy.core.outbox.enqueue import enqueue
from privacy.core.outbox.names import JobName
from privacy.ledger.events import Event
from privacy.ledger.record import record

PAGE: Final = 50


class ExportUnderWay(Conflict):
    """One at a time."""

    code = "export_under_way"
    message = "Another export is being made. Wait for it, or delete it."


def ask_export(
    work: UnitOfWork, *, recipient: str | None = None, scheduled: bool = False, run: bool = True
) -> uuid.UUID:
    """Ask for an export of everything the bound tenant has; its id.

    Args:
        recipient: an age public key; None where a passphrase is given when it is fetched.
        run: whether a job makes it; else whoever asks does.

    Raises:
        Invalid: this is no public key.
        ExportUnderWay.
    """
    key = check_recipient(recipient) if recipient is not None else None
    going = select(TenantExport.id).where(TenantExport.state.in_(UNDER_WAY)).limit(1)
    if work.session.scalar(going) is not None:
        raise ExportUnderWay
    row = TenantExport(
        tenant_id=work.tenant_id,
        id=new_id(),
        state=ExportState.WAITING.value,
        recipient=key,
        scheduled=scheduled,
        made_by=work.actor.id,
        created_at=work.now,
        rows_total=0,
        rows_done=0,
        size=0,
        contents={},
    )
    work.session.add(row)
    work.session.flush()
    facts = {"to": "key" if key else "passphrase", "scheduled": scheduled}
    record(work, Event.EXPORT_ASKED, subject=row.id, facts=facts)
    if run:
        enqueue(work, name=JobName.EXPORT_MAKE, payload={"export_id": str(row.id)})
    return row.id


def list_exports(
    work: UnitOfWork, *, before: uuid.UUID | None = None, limit: int = PAGE
) -> list[TenantExport]:
    """The bound tenant's, newest first; those before the export `before`. Ids are in order."""
    query = select(TenantExport).order_by(TenantExport.id.desc()).limit(limit)
    if before is not None:
        query = query.where(TenantExport.id < before)
    return list(work.session.scalars(query))


def find_export(work: UnitOfWork, export_id: uuid.UUID, *, lock: bool = False) -> TenantExport:
    """One of the bound tenant's. Raises NotFound."""
    place = (work.tenant_id, export_id)
    row = work.session.get(TenantExport, place, with_for_update=lock, populate_existing=lock)
    if row is None:
        raise NotFound
    return row


def delete_export(work: UnitOfWork, *, export_id: uuid.UUID) -> None:
    """Delete an export with everything that lies aside for it. Raises NotFound."""
    row = find_export(work, export_id, lock=True)
    drop_parts(work, export_id)
    work.session.delete(row)
    work.session.flush()
    record(work, Event.EXPORT_DELETED, subject=export_id)
