"""Mail to whoever scheduled an export, when it is ready or could not be made: nobody looks."""

import uuid

from sqlalchemy import select

from connector.exports.models import ExportSchedule, ExportState, TenantExport
from privacy.core.db.work import Actor, UnitOfWork
from privacy.core.outbox.enqueue import enqueue
from privacy.core.outbox.names import JobName
from privacy.mails.kinds import MailKind
from tenants.desks import Desk
from tenants.invitations.invite import tenant_name
from tenants.memberships.notify_admins import notify_admins
from tenants.memberships.standing import is_member
from tenants.users.models import User
from tenants.users.notify import notify

_KINDS = {
    ExportState.READY.value: MailKind.EXPORT_READY,
    ExportState.FAILED.value: MailKind.EXPORT_FAILED,
}


def ask_notice(work: UnitOfWork, row: TenantExport) -> None:
    """In the transaction that ends its making; who asked for one in person looks at the page."""
    if row.scheduled:
        key = f"export.notice:{row.id}:{row.state}"
        payload = {"export_id": str(row.id)}
        enqueue(work, name=JobName.EXPORT_NOTICE, payload=payload, dedupe_key=key)


def tell_of_export(desk: Desk, *, tenant_id: uuid.UUID, actor: Actor, export_id: uuid.UUID) -> int:
    """A mail to who scheduled it; where they are gone, to the administrators. Returns how many."""
    with desk.tenant(tenant_id, actor) as work:
        row = work.session.get(TenantExport, (tenant_id, export_id))
        notice = _KINDS.get(row.state) if row is not None else None
        if row is None or notice is None:
            return 0
        values = {
            "tenant": tenant_name(desk, work),
            "day": f"{row.expires_at:%-d %B %Y}" if row.expires_at else "",
            "reason": row.failure_code or "",
            "link": f"{desk.public_url}/exports",
        }
        scheduler = work.session.scalar(select(ExportSchedule.set_by))
        if scheduler is None or not is_member(work, user_id=scheduler):
            scheduler = None
    if scheduler is not None and _tell(desk, actor, scheduler, notice, values):
        return 1
    return notify_admins(desk, tenant_id=tenant_id, actor=actor, notice=notice, values=values)


def _tell(
    desk: Desk, actor: Actor, user_id: uuid.UUID, notice: MailKind, values: dict[str, str]
) -> bool:
    with desk.installation(actor) as work:
        query = select(User).where(User.id == user_id, User.state == "active")
        user = work.session.scalar(query)
        if user is not None:
            notify(desk, work, user=user, notice=notice, values=values)
    return user is not None
