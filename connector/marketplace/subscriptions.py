"""Subscriptions of the bound tenant: found, shown, moved from state to state."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import select

from connector.marketplace.models import ServiceSubscription
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Conflict, NotFound

STEPS: Final = MappingProxyType(
    {
        "active": frozenset({"suspended", "ending"}),
        "suspended": frozenset({"active", "ending"}),
        "ending": frozenset({"ended"}),
        "ended": frozenset[str](),
    }
)
"""From each state, those that may follow."""


class IllegalStep(Conflict):
    """The subscription cannot go there from where it is."""

    code = "illegal_subscription_state"
    message = "The subscription's state does not allow this."


@dataclass(frozen=True, slots=True)
class SubscriptionView:
    """A subscription as the marketplace and the tenant see it."""

    id: uuid.UUID
    tenant_id: uuid.UUID
    service: str
    state: str
    parameters: Mapping[str, Any]
    account_id: uuid.UUID | None
    created_at: datetime
    ends_at: datetime | None


def find_subscription(
    work: UnitOfWork, subscription_id: uuid.UUID, *, lock: bool = False
) -> ServiceSubscription:
    """One of the tenant's. Raises NotFound."""
    query = select(ServiceSubscription).where(ServiceSubscription.id == subscription_id)
    row = work.session.scalar(query.with_for_update() if lock else query)
    if row is None:
        raise NotFound("There is no such subscription.")
    return row


def list_subscriptions(work: UnitOfWork) -> list[ServiceSubscription]:
    """All of the tenant's, oldest first."""
    query = select(ServiceSubscription).order_by(ServiceSubscription.id)
    return list(work.session.scalars(query))


def next_end(work: UnitOfWork) -> ServiceSubscription | None:
    """The ending subscription whose time is over first, or None."""
    query = (
        select(ServiceSubscription)
        .where(ServiceSubscription.state == "ending")
        .order_by(ServiceSubscription.ends_at)
        .limit(1)
    )
    found: ServiceSubscription | None = work.session.scalar(query)
    return found


def move_subscription(
    work: UnitOfWork, row: ServiceSubscription, to: str, *, ends_at: datetime | None = None
) -> None:
    """Change the state of a locked row. Raises IllegalStep."""
    if to not in STEPS[row.state]:
        raise IllegalStep
    row.state, row.state_at = to, work.now
    row.ends_at = ends_at or row.ends_at


def view_subscription(row: ServiceSubscription) -> SubscriptionView:
    """The value of a row."""
    return SubscriptionView(
        id=row.id,
        tenant_id=row.tenant_id,
        service=row.service,
        state=row.state,
        parameters=row.parameters,
        account_id=row.account_id,
        created_at=row.created_at,
        ends_at=row.ends_at,
    )
