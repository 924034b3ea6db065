"""Orders about a subscription that is there: parameters, suspension, resumption, the end."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from connector.marketplace.begin_end import EXPORT_DAYS as EXPORT_DAYS
from connector.marketplace.begin_end import begin_end
from connector.marketplace.models import ServiceSubscription
from connector.marketplace.orders import Answer, Done, Order, run_order, tenant_of
from connector.marketplace.parameters import check_parameters
from connector.marketplace.pauses import pause_accounts, resume_accounts
from connector.marketplace.settings import apply_parameters
from connector.marketplace.standing import tenant_following
from connector.marketplace.subscriptions import (
    SubscriptionView,
    find_subscription,
    move_subscription,
    view_subscription,
)
from privacy.core.db.work import UnitOfWork
from privacy.ledger.events import Event
from privacy.ledger.record import record
from tenants.desks import Desk
from tenants.principals import Principal

Step = Callable[[UnitOfWork, ServiceSubscription], None]


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the marketplace, about one subscription."""

    principal: Principal
    order_id: str
    payload: bytes
    subscription_id: uuid.UUID
    encode: Callable[[SubscriptionView], bytes]


def change_parameters(desk: Desk, call: Call, *, parameters: Mapping[str, Any]) -> Answer:
    """Set parameters that can be changed. Raises NotFound, Invalid, IllegalStep, Order…"""

    def step(work: UnitOfWork, row: ServiceSubscription) -> None:
        checked = check_parameters(row.service, parameters, changing=True)
        apply_parameters(work, checked)
        row.parameters = {**row.parameters, **checked}
        facts = {"count": len(checked)}
        record(work, Event.SUBSCRIPTION_CHANGED, subject=row.id, facts=facts)

    return _carry_out(desk, call, "change_parameters", step)


def suspend(desk: Desk, call: Call) -> Answer:
    """Take nothing more for this service; with no other active one, refuse people and keys."""

    def step(work: UnitOfWork, row: ServiceSubscription) -> None:
        if row.state != "suspended":
            move_subscription(work, row, "suspended")
            pause_accounts(work, row.service)
            record(work, Event.SUBSCRIPTION_SUSPENDED, subject=row.id)

    return _carry_out(desk, call, "suspend", step)


def resume(desk: Desk, call: Call) -> Answer:
    """Let them in again. Accounts listen, and are connected by what arrives or by a test."""

    def step(work: UnitOfWork, row: ServiceSubscription) -> None:
        if row.state != "active":
            move_subscription(work, row, "active")
            resume_accounts(work, row.service)
            record(work, Event.SUBSCRIPTION_RESUMED, subject=row.id)

    return _carry_out(desk, call, "resume", step)


def terminate(desk: Desk, call: Call) -> Answer:
    """Begin the end (promise B4): nothing more is taken, people can export for 30 days, then the
    data is destroyed. A suspended tenant is opened again for that time."""

    def step(work: UnitOfWork, row: ServiceSubscription) -> None:
        if row.state not in ("ending", "ended"):
            begin_end(work, row)

    return _carry_out(desk, call, "terminate", step)


def _carry_out(desk: Desk, call: Call, method: str, step: Step) -> Answer:
    actor = call.principal.actor
    tenant_id = tenant_of(desk, actor=actor, subscription_id=call.subscription_id)

    def effect(_: uuid.UUID) -> Done:
        with desk.tenant(tenant_id, actor) as work:
            row = find_subscription(work, call.subscription_id, lock=True)
            with tenant_following(work):
                step(work, row)
            view = view_subscription(row)
        return Done(call.encode(view), tenant_id)

    order = Order(call.order_id, method, call.payload)
    return run_order(
        desk, actor=actor, order=order, effect=effect, subscription_id=call.subscription_id
    )
