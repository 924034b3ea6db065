"""Orders about a subscription that is there: parameters, suspension, resumption, the end."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import select

from connector.accounts.change import pause_account, resume_account
from connector.accounts.models import ConnectorAccount
from connector.accounts.states import AccountState
from connector.marketplace.models import ServiceSubscription
from connector.marketplace.orders import Answer, Done, Order, run_order, tenant_of
from connector.marketplace.parameters import check_parameters
from connector.marketplace.settings import apply_parameters
from connector.marketplace.standing import tenant_following
from connector.marketplace.subscriptions import (
    SubscriptionView,
    find_subscription,
    move_subscription,
    view_subscription,
)
from privacy.core.db.work import UnitOfWork
from privacy.core.outbox.enqueue import enqueue
from privacy.core.outbox.names import JobName
from privacy.ledger.events import Event
from privacy.ledger.record import record
from tenants.desks import Desk
from tenants.principals import Principal

EXPORT_DAYS: Final = 30
"""Days between the end of a subscription and the destruction of its data, for an export."""

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
            _pause_accounts(work, row.service)
            record(work, Event.SUBSCRIPTION_SUSPENDED, subject=row.id)

    return _carry_out(desk, call, "suspend", step)


def resume(desk: Desk, call: Call) -> Answer:
    """Let them in again. Accounts listen, and are connected by what arrives or by a test."""

    def step(work: UnitOfWork, row: ServiceSubscription) -> None:
        if row.state != "active":
            move_subscription(work, row, "active")
            _resume_accounts(work, row.service)
            record(work, Event.SUBSCRIPTION_RESUMED, subject=row.id)

    return _carry_out(desk, call, "resume", step)


def terminate(desk: Desk, call: Call) -> Answer:
    """Begin the end (promise B4): nothing more is taken, people can export for 30 days, then the
    data is destroyed. A suspended tenant is opened again for that time."""

    def step(work: UnitOfWork, row: ServiceSubscription) -> None:
        if row.state in ("ending", "ended"):
            return
        ends_at = work.now + timedelta(days=EXPORT_DAYS)
        move_subscription(work, row, "ending", ends_at=ends_at)
        _pause_accounts(work, row.service)
        facts = {"service": row.service, "day": str(ends_at.date())}
        record(work, Event.SUBSCRIPTION_ENDING, subject=row.id, facts=facts)
        enqueue(
            work,
            name=JobName.SUBSCRIPTION_NOTICE,
            payload={"subscription_id": str(row.id), "what": "ending"},
            dedupe_key=f"subscription.ending:{row.id}",
        )

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


def _pause_accounts(work: UnitOfWork, service: str) -> None:
    for account in _accounts(work, service):
        if account.state != AccountState.DISABLED:
            pause_account(work, account_id=account.id, by="operator")


def _resume_accounts(work: UnitOfWork, service: str) -> None:
    for account in _accounts(work, service):
        if account.state == AccountState.DISABLED and account.disabled_by == "operator":
            resume_account(work, account_id=account.id, by="operator")


def _accounts(work: UnitOfWork, service: str) -> list[ConnectorAccount]:
    query = select(ConnectorAccount).where(
        ConnectorAccount.service == service, ConnectorAccount.deleted_at.is_(None)
    )
    return list(work.session.scalars(query.order_by(ConnectorAccount.id)))
