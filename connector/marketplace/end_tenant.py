"""The end of a tenant that no marketplace sold: an operator's word begins it.

It goes the marketplace's way: each service gets a subscription that ends, so nothing more is
taken, people are offered their export, reminded, and then everything is destroyed.
"""

import uuid
from datetime import datetime
from typing import Final

from sqlalchemy import delete

from connector.exports.schedules import offer_export
from connector.marketplace.begin_end import EXPORT_DAYS, begin_end
from connector.marketplace.customers import customer_tenants
from connector.marketplace.models import ServiceSubscription
from connector.marketplace.pauses import resume_accounts
from connector.marketplace.standing import tenant_following
from connector.marketplace.subscriptions import list_subscriptions
from connector.marketplace.turns import turn_with
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.db.work import Actor, UnitOfWork
from privacy.core.errors import Conflict, Invalid, NotFound
from privacy.core.ids import new_id
from privacy.ledger.events import Event
from privacy.ledger.record import record
from tenants.desks import Desk
from tenants.tenants.list import require_tenant
from tenants.tenants.views import get_tenant

SHORTEST: Final = 7
LONGEST: Final = 366
"""Days for an export."""


class SoldByMarketplace(Conflict):
    """Whoever sold it ends it."""

    code = "sold_by_marketplace"
    message = "A marketplace sold to this tenant; it is ended there."


class EndsAlready(Conflict):
    """The end has begun."""

    code = "ends_already"
    message = "The end of this tenant has begun already."


class NotEnding(Conflict):
    """There is nothing to call off."""

    code = "not_ending"
    message = "This tenant is not ending."


def end_tenant(
    desk: Desk, *, actor: Actor, tenant_id: uuid.UUID, days: int = EXPORT_DAYS
) -> datetime:
    """Begin the end; returns when everything is destroyed. Until then people can get in and export.

    Raises:
        NotFound; SoldByMarketplace; EndsAlready.
        Invalid: too few or too many days.
        CustomerBusy: something else is being done for this tenant.
    """
    if not SHORTEST <= days <= LONGEST:
        raise Invalid(f"Choose {SHORTEST} to {LONGEST} days.")
    _refuse_sold(desk, actor, tenant_id)
    with turn_with(desk, tenant_id), desk.tenant(tenant_id, actor) as work:
        if list_subscriptions(work):
            raise EndsAlready
        services = get_tenant(work, lock=True).services
        with tenant_following(work):
            rows = [_ending(work, service, days) for service in services]
        offer_export(work)
        record(work, Event.TENANT_ENDING, subject=tenant_id, facts={"days": days})
        return max(row.ends_at for row in rows if row.ends_at is not None)


def keep_tenant(desk: Desk, *, actor: Actor, tenant_id: uuid.UUID) -> None:
    """Call the end off, before it has come; systems listen again.

    Raises:
        NotFound; SoldByMarketplace; NotEnding: it has not begun, or is over.
    """
    _refuse_sold(desk, actor, tenant_id)
    with turn_with(desk, tenant_id), desk.tenant(tenant_id, actor) as work:
        rows = list_subscriptions(work)
        if not rows or any(row.state != "ending" for row in rows):
            raise NotEnding
        for service in sorted({row.service for row in rows}):
            resume_accounts(work, service)
        work.session.execute(delete(ServiceSubscription))
        record(work, Event.TENANT_KEPT, subject=tenant_id)


def _refuse_sold(desk: Desk, actor: Actor, tenant_id: uuid.UUID) -> None:
    if tenant_id == INSTALLATION_ID:
        raise NotFound("The installation itself is no tenant that could end.")
    with desk.installation(actor) as work:
        require_tenant(work, tenant_id)
        if tenant_id in customer_tenants(work):
            raise SoldByMarketplace


def _ending(work: UnitOfWork, service: str, days: int) -> ServiceSubscription:
    """It is ending from the first: so it is journaled, and no restored database forgets it."""
    row = ServiceSubscription(
        tenant_id=work.tenant_id,
        id=new_id(),
        service=service,
        state="active",
        parameters={},
        created_at=work.now,
        state_at=work.now,
    )
    begin_end(work, row, days=days)
    work.session.add(row)
    work.session.flush()
    return row
