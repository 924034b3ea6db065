"""The tenants of a person."""

import uuid
from dataclasses import dataclass

from sqlalchemy import select

from privacy.core.db.work import Actor, ActorKind
from tenants.desks import Desk
from tenants.invitations.settle import settle_invitation
from tenants.memberships.models import UserTenant
from tenants.memberships.standing import standing_of
from tenants.permissions import Role
from tenants.sealed_fields import TENANT_NAME
from tenants.tenants.models import Tenant


@dataclass(frozen=True, slots=True)
class Home:
    """A tenant that somebody belongs to, by its own word."""

    tenant_id: uuid.UUID
    name: str
    role: Role
    mfa_required: bool


def homes_of(desk: Desk, *, user_id: uuid.UUID) -> list[Home]:
    """Every active tenant in which `user_id` has a membership, longest first.

    The installation's hints say where to look, each tenant says whether it is so; an accepted
    invitation that a crash left unfinished is finished here.
    """
    with desk.installation() as work:
        hints = work.session.execute(
            select(UserTenant.member_tenant_id, UserTenant.invitation_id)
            .where(UserTenant.user_id == user_id)
            .order_by(UserTenant.created_at, UserTenant.member_tenant_id)
        ).all()
    found = (_home(desk, user_id, tenant_id, invitation) for tenant_id, invitation in hints)
    return [home for home in found if home is not None]


def _home(
    desk: Desk, user_id: uuid.UUID, tenant_id: uuid.UUID, invitation_id: uuid.UUID | None
) -> Home | None:
    with desk.tenant(tenant_id, Actor(ActorKind.USER, user_id)) as work:
        standing = standing_of(work, user_id=user_id)
        if standing is None and invitation_id is not None:
            settle_invitation(work, invitation_id=invitation_id, user_id=user_id)
            standing = standing_of(work, user_id=user_id)
        row = work.session.get(Tenant, tenant_id)
        if standing is None or row is None:
            return None
        name = TENANT_NAME.open(
            desk.ring, work, tenant_id, row.name_sealed, version=row.name_version
        )
        return Home(tenant_id, name, standing.role, standing.mfa_required)
