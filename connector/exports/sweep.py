"""What nobody fetched in its time goes, and so does what never came to an end."""

from datetime import timedelta
from typing import Final

from sqlalchemy import delete, select, update

from connector.exports.models import UNDER_WAY, ExportDayPart, ExportPart, ExportState, TenantExport
from connector.exports.notices import ask_notice
from privacy.core.db.work import UnitOfWork
from privacy.ledger.events import Event
from privacy.ledger.record import record

LONGEST_RUN: Final = timedelta(days=1)
REMEMBERED: Final = timedelta(days=365)


def sweep_exports(work: UnitOfWork) -> int:
    """Of the bound tenant. Returns how many parts went."""
    mine = TenantExport.tenant_id == work.tenant_id
    expired = update(TenantExport).where(
        mine, TenantExport.state == ExportState.READY.value, TenantExport.expires_at <= work.now
    )
    work.connection.execute(expired.values(state=ExportState.EXPIRED.value))
    stuck = update(TenantExport).where(
        mine, TenantExport.state.in_(UNDER_WAY), TenantExport.created_at <= work.now - LONGEST_RUN
    )
    values = {"state": ExportState.FAILED.value, "failure_code": "never_ended"}
    for row in work.session.scalars(stuck.values(values).returning(TenantExport)).all():
        record(work, Event.EXPORT_FAILED, subject=row.id, facts={"code": "never_ended"})
        ask_notice(work, row)
    gone = _parts(work)
    old = TenantExport.created_at <= work.now - REMEMBERED
    work.connection.execute(delete(TenantExport).where(mine, old))
    return gone


def withdraw_exports(work: UnitOfWork) -> None:
    """In a restored database: what lies aside may hold people who were erased since."""
    mine = TenantExport.tenant_id == work.tenant_id
    for table in (ExportPart, ExportDayPart):
        work.connection.execute(delete(table).where(table.tenant_id == work.tenant_id))
    ready = update(TenantExport).where(mine, TenantExport.state == ExportState.READY.value)
    work.connection.execute(ready.values(state=ExportState.WITHDRAWN.value))


def _parts(work: UnitOfWork) -> int:
    """Parts of exports that are over. A fetch has an hour; it deletes its parts itself."""
    living = select(TenantExport.id).where(
        TenantExport.tenant_id == work.tenant_id,
        TenantExport.state.in_([*UNDER_WAY, ExportState.READY.value])
        | (TenantExport.fetched_at > work.now - timedelta(hours=1)),
    )
    gone = 0
    for table in (ExportPart, ExportDayPart):
        over = delete(table).where(
            table.tenant_id == work.tenant_id, table.export_id.not_in(living)
        )
        gone += work.connection.execute(over).rowcount
    return gone
