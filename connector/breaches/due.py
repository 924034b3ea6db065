"""Clocks that are due or overdue: a mail to those who can act, and counts for the metrics."""

import uuid
from collections import Counter
from datetime import timedelta
from typing import Final

from sqlalchemy import select

from privacy.breaches.find import pressing
from privacy.breaches.models import Breach
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.db.work import Actor
from privacy.mails.kinds import MailKind
from tenants.desks import Desk
from tenants.memberships.notify_admins import notify_admins, notify_operators
from tenants.tenants.views import view_tenant

AGAIN: Final = timedelta(hours=6)
_WORDS: Final = {
    "controllers": "telling the organisations concerned",
    "authority": "telling the supervisory authority",
    "users": "telling the people concerned",
}


def remind_of_breaches(desk: Desk, *, actor: Actor, tenant_id: uuid.UUID) -> Counter[str]:
    """Remind of one tenant's, every six hours at most. Returns how many clocks stand how."""
    with desk.tenant(tenant_id, actor) as work:
        found = pressing(work)
        counted = Counter(c.state(work.now).value for _, clocks in found for c in clocks)
        fresh = [
            (row.id, clocks)
            for row, clocks in found
            if row.reminded_at is None or row.reminded_at < work.now - AGAIN
        ]
        now, house = work.now, tenant_id == INSTALLATION_ID
        name = "the installation" if house else view_tenant(desk.ring, work).name if fresh else ""
    if not fresh:
        return counted
    lines = "\n".join(
        f"{one.state(now).value}: {_WORDS[one.name]}, until {one.due_at:%Y-%m-%d %H:%M} UTC"
        for _, clocks in fresh
        for one in clocks
    )
    values = {"tenant": name, "text": lines, "link": f"{desk.public_url}/breaches"}
    if house:
        notify_operators(desk, actor=actor, notice=MailKind.BREACH_DUE, values=values)
    else:
        notify_admins(
            desk, tenant_id=tenant_id, actor=actor, notice=MailKind.BREACH_DUE, values=values
        )
    with desk.tenant(tenant_id, actor) as work:
        ids = [one for one, _ in fresh]
        for row in work.session.scalars(select(Breach).where(Breach.id.in_(ids))):
            row.reminded_at = work.now
    return counted
