"""The installation's tenants, for the operator and for jobs that visit each of them."""

import uuid

from sqlalchemy import select

from privacy.core.db.work import UnitOfWork
from privacy.core.errors import NotFound
from tenants.desks import Desk
from tenants.principals import Principal
from tenants.tenants.models import TenantListing
from tenants.tenants.views import TenantView, view_tenant


def tenant_ids(
    work: UnitOfWork, *, after: uuid.UUID | None = None, limit: int | None = None
) -> list[uuid.UUID]:
    """Ids in order, from `after` on. `work` is bound to the installation."""
    query = select(TenantListing.member_tenant_id).order_by(TenantListing.member_tenant_id)
    if after is not None:
        query = query.where(TenantListing.member_tenant_id > after)
    return list(work.session.scalars(query.limit(limit) if limit else query))


def list_tenants(
    desk: Desk, *, principal: Principal, after: uuid.UUID | None = None, limit: int = 50
) -> list[TenantView]:
    """A page of tenants. Each says its own name in a unit of work of its own: no wall has a door
    for the operator."""
    with desk.installation(principal.actor) as work:
        ids = tenant_ids(work, after=after, limit=limit)
    return [view for one in ids if (view := _view(desk, principal, one)) is not None]


def _view(desk: Desk, principal: Principal, tenant_id: uuid.UUID) -> TenantView | None:
    """None for a tenant whose making was interrupted."""
    with desk.tenant(tenant_id, principal.actor) as work:
        try:
            return view_tenant(desk.ring, work)
        except NotFound:
            return None
