"""A processor tells its controllers at once (GDPR Art. 33(2)): an entry and a mail for each."""

import uuid
from dataclasses import replace

import msgspec
from sqlalchemy import select

from connector.breaches.scope import compute_scope
from privacy.breaches.find import view_breach
from privacy.breaches.models import Breach
from privacy.breaches.record import record_breach
from privacy.breaches.scopes import Exposed, Scope, scope_in_words
from privacy.breaches.shapes import BreachView, Discovered
from privacy.core.db.work import Actor, UnitOfWork
from privacy.mails.kinds import MailKind
from tenants.desks import Desk
from tenants.memberships.notify_admins import notify_admins
from tenants.tenants.views import view_tenant


def tell_controllers(desk: Desk, *, actor: Actor, breach_id: uuid.UUID) -> int:
    """Each tenant of the installation's breach gets its own entry, with clocks from now on.

    Killed anywhere, it is simply run again: an entry is made once, and a tenant whose entry says
    that it was told is not told again. Returns how many were told.
    """
    with desk.installation(actor) as work:
        whole = view_breach(work, desk.ring, breach_id=breach_id)
    told = sum(_tell(desk, actor, tenant, whole) for tenant in whole.tenants)
    with desk.installation(actor) as work:
        row = work.session.scalar(select(Breach).where(Breach.id == breach_id))
        if row is not None and row.controllers_told_at is None:
            row.controllers_told_at = work.now
    return told


def _tell(desk: Desk, actor: Actor, tenant_id: uuid.UUID, whole: BreachView) -> bool:
    with desk.tenant(tenant_id, actor) as work:
        # The controller's clocks run from when it knows, which is now (EDPB Guidelines 9/2022).
        what = msgspec.structs.replace(whole.what, scope=_own_scope(work, whole))
        said = Discovered(
            service=whole.service,
            what=what,
            discovered_at=work.now,
            tables=whole.tables,
            people=None,
            drill=whole.drill,
        )
        own_id = record_breach(work, desk.ring, said, origin_id=whole.id)
        own = work.session.scalar(select(Breach).where(Breach.id == own_id))
        if own is None or own.reminded_at is not None:
            return False
        name = view_tenant(desk.ring, work).name
    if not whole.drill:
        _mail(desk, actor, tenant_id, name, replace(whole, what=what))
    with desk.tenant(tenant_id, actor) as work:
        own = work.session.scalar(select(Breach).where(Breach.id == own_id))
        if own is not None:
            own.reminded_at = work.now
    return True


def _own_scope(work: UnitOfWork, whole: BreachView) -> Scope | None:
    """Of this tenant's data alone; others' counts are not its business."""
    if whole.what.scope is None:
        return None
    exposure = whole.what.scope.exposure
    return None if exposure.what is Exposed.EXPORT else compute_scope(work, exposure)


def _mail(desk: Desk, actor: Actor, tenant_id: uuid.UUID, name: str, whole: BreachView) -> None:
    scope = whole.what.scope
    parts = {
        "What happened": whole.what.nature,
        "Likely consequences": whole.what.consequences,
        "What was done": whole.what.measures,
        "Responsible": whole.what.responsible,
        "Kinds of data": ", ".join(whole.tables),
        "What it reached": "; ".join(scope_in_words(scope)) if scope else "",
        "Discovered": f"{whole.discovered_at:%Y-%m-%d %H:%M} UTC",
    }
    lines = "\n".join(f"{title}: {text}" for title, text in parts.items() if text)
    values = {"tenant": name, "text": lines, "link": f"{desk.public_url}/breaches"}
    notify_admins(
        desk, tenant_id=tenant_id, actor=actor, notice=MailKind.BREACH_CONTROLLER, values=values
    )
