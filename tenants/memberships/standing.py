"""What somebody is in a tenant, today."""

import uuid
from dataclasses import dataclass

from sqlalchemy import select

from privacy.core.db.work import UnitOfWork
from tenants.memberships.models import Membership
from tenants.permissions import Role
from tenants.tenants.models import Tenant
from tenants.tenants.second_factors import services_require_mfa


@dataclass(frozen=True, slots=True)
class Standing:
    """A role in an active tenant, and whether it, or a service of its, wants a second factor."""

    role: Role
    mfa_required: bool


def standing_of(work: UnitOfWork, *, user_id: uuid.UUID) -> Standing | None:
    """The user's standing in `work`'s tenant; None without membership, or while suspended."""
    found = work.session.execute(
        select(Membership.role, Tenant.mfa_required, Tenant.services)
        .join(Tenant, Tenant.tenant_id == Membership.tenant_id)
        .where(Membership.user_id == user_id, Tenant.state == "active")
    ).first()
    if found is None:
        return None
    role, chosen, services = found
    return Standing(Role(role), chosen or services_require_mfa(services))


def is_member(work: UnitOfWork, *, user_id: uuid.UUID) -> bool:
    """Whether the user has any role in `work`'s tenant, suspended or not."""
    return role_of(work, user_id=user_id) is not None


def role_of(work: UnitOfWork, *, user_id: uuid.UUID, lock: bool = False) -> Role | None:
    """The user's role in `work`'s tenant, whatever the tenant's state."""
    query = select(Membership.role).where(Membership.user_id == user_id)
    found = work.session.scalar(query.with_for_update() if lock else query)
    return Role(found) if found else None
