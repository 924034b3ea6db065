"""The installation's tenants, for the operator and for jobs that visit each of them."""

import uuid
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from privacy.core.db.work import UnitOfWork
from privacy.core.errors import NotFound
from tenants.desks import Desk
from tenants.principals import Principal
from tenants.tenants.models import TenantListing
from tenants.tenants.views import TenantView, view_tenant

LOOKED_THROUGH: Final = 300
"""Tenants that are asked for one answer; each takes a unit of work of its own."""


def tenant_ids(
    work: UnitOfWork, *, after: uuid.UUID | None = None, limit: int | None = None
) -> list[uuid.UUID]:
    """Ids in order, from `after` on. `work` is bound to the installation."""
    query = select(TenantListing.member_tenant_id).order_by(TenantListing.member_tenant_id)
    if after is not None:
        query = query.where(TenantListing.member_tenant_id > after)
    return list(work.session.scalars(query.limit(limit) if limit else query))


def is_here(work: UnitOfWork, tenant_id: uuid.UUID) -> bool:
    """Whether there is such a tenant. `work` is bound to the installation."""
    query = select(TenantListing.member_tenant_id).where(
        TenantListing.member_tenant_id == tenant_id
    )
    return work.session.scalar(query) is not None


def require_tenant(work: UnitOfWork, tenant_id: uuid.UUID) -> None:
    """Raises NotFound, in words for whoever typed an id. `work` is bound to the installation."""
    if not is_here(work, tenant_id):
        raise NotFound("There is no tenant of this id here.")


def list_tenants(
    desk: Desk, *, principal: Principal, after: uuid.UUID | None = None, limit: int = 50
) -> list[TenantView]:
    """A page of tenants. Each says its own name in a unit of work of its own: no wall has a door
    for the operator."""
    with desk.installation(principal.actor) as work:
        ids = tenant_ids(work, after=after, limit=limit)
    return [view for one in ids if (view := _view(desk, principal, one)) is not None]


@dataclass(frozen=True, slots=True)
class TenantsFound:
    """Tenants that were meant, and the last one that was looked at; None after all of them."""

    tenants: list[TenantView]
    looked_until: uuid.UUID | None


def search_tenants(
    desk: Desk, *, principal: Principal, words: str, after: uuid.UUID | None = None, limit: int = 50
) -> TenantsFound:
    """Tenants with `words` in their name. Names are sealed, so each is asked, some hundreds at a
    time: whoever looks on begins after the last one."""
    found, wanted = list[TenantView](), words.strip().casefold()
    with desk.installation(principal.actor) as work:
        ids = tenant_ids(work, after=after, limit=LOOKED_THROUGH)
    for one in ids:
        view = _view(desk, principal, one)
        if view is not None and wanted in view.name.casefold():
            found.append(view)
        if len(found) == limit:
            return TenantsFound(found, one)
    return TenantsFound(found, ids[-1] if len(ids) == LOOKED_THROUGH else None)


def _view(desk: Desk, principal: Principal, tenant_id: uuid.UUID) -> TenantView | None:
    """None for a tenant whose making was interrupted."""
    with desk.tenant(tenant_id, principal.actor) as work:
        try:
            return view_tenant(desk.ring, work)
        except NotFound:
            return None
