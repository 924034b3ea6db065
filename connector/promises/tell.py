"""A broken promise is an alert: a mail to those who can mend it."""

import uuid
from collections.abc import Mapping, Sequence

from privacy.core.db.work import Actor
from privacy.mails.kinds import MailKind
from privacy.promises.catalogue import promises
from tenants.desks import Desk
from tenants.memberships.notify_admins import notify_admins, notify_operators
from tenants.tenants.views import view_tenant


def tell_tenant(desk: Desk, *, actor: Actor, tenant_id: uuid.UUID, news: Sequence[str]) -> int:
    """One mail to each administrator of the tenant. Returns how many."""
    if not news:
        return 0
    with desk.tenant(tenant_id, actor) as work:
        name = view_tenant(desk.ring, work).name
    values = _values(desk, name, news)
    return notify_admins(
        desk, tenant_id=tenant_id, actor=actor, notice=MailKind.PROMISE_BROKEN, values=values
    )


def tell_operators(desk: Desk, *, actor: Actor, news: Sequence[str]) -> int:
    """One mail to each operator. Returns how many."""
    if not news:
        return 0
    values = _values(desk, "the installation", news)
    return notify_operators(desk, actor=actor, notice=MailKind.PROMISE_BROKEN, values=values)


def _values(desk: Desk, tenant: str, news: Sequence[str]) -> Mapping[str, str]:
    known = promises()
    lines = "\n".join(f"{key}  {known[key].short}" for key in news)
    return {"tenant": tenant, "text": lines, "link": f"{desk.public_url}/promises"}
