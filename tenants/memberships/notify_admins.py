"""Tell a tenant's administrators, or the operators, by mail: all who could mend what it says."""

import uuid
from collections.abc import Collection, Mapping
from typing import Final

from sqlalchemy import select

from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.db.work import Actor
from privacy.mails.kinds import MailKind
from tenants.desks import Desk
from tenants.memberships.models import Membership
from tenants.permissions import Role
from tenants.users.models import User
from tenants.users.notify import notify

_ADMINS: Final = (Role.OWNER.value, Role.ADMIN.value)
_OPERATORS: Final = (Role.OPERATOR.value,)


def notify_admins(
    desk: Desk,
    *,
    tenant_id: uuid.UUID,
    actor: Actor,
    notice: MailKind,
    values: Mapping[str, str],
) -> int:
    """One mail to each active owner and administrator, in their language. Returns how many."""
    return _notify(desk, tenant_id, actor, _ADMINS, notice, values)


def notify_operators(
    desk: Desk, *, actor: Actor, notice: MailKind, values: Mapping[str, str]
) -> int:
    """One mail to each active operator, in their language. Returns how many."""
    return _notify(desk, INSTALLATION_ID, actor, _OPERATORS, notice, values)


def _notify(
    desk: Desk,
    tenant_id: uuid.UUID,
    actor: Actor,
    roles: Collection[str],
    notice: MailKind,
    values: Mapping[str, str],
) -> int:
    with desk.tenant(tenant_id, actor) as work:
        query = select(Membership.user_id).where(Membership.role.in_(roles))
        ids = list(work.session.scalars(query))
    with desk.installation(actor) as work:
        users = work.session.scalars(
            select(User).where(User.id.in_(ids), User.state == "active")
        ).all()
        for user in users:
            notify(desk, work, user=user, notice=notice, values=values)
    return len(users)
