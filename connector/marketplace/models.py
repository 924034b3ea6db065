"""Customers and orders of a marketplace (the installation's), subscriptions (each tenant's)."""

import uuid
from datetime import datetime
from typing import Any, Final

from sqlalchemy import CheckConstraint, Index, LargeBinary, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from privacy.core.db.base import Base, TenantOwned
from privacy.core.db.declarations import impersonal
from tenants.columns import moment, moment_or_none, reference, row_id

STATES: Final = ("active", "suspended", "ending", "ended")
_KEYED = "keyed digest; whoever has not the installation's key learns nothing from it"


class MarketplaceCustomer(TenantOwned, Base):
    """Which tenant a customer of the marketplace is."""

    __tablename__ = "marketplace_customers"

    customer_digest: Mapped[bytes] = mapped_column(
        LargeBinary, primary_key=True, info=impersonal(_KEYED)
    )
    member_tenant_id: Mapped[uuid.UUID] = reference(
        impersonal("names a tenant, which is an organisation")
    )
    created_at: Mapped[datetime] = moment("a subscription began")
    ended_at: Mapped[datetime | None] = moment_or_none("a customer's data was destroyed")


class MarketplaceOrder(TenantOwned, Base):
    """One order, done once. `answer` holds ids, states and dates, nothing that was sent."""

    __tablename__ = "marketplace_orders"
    __table_args__ = (
        Index("ix_marketplace_orders_tenant_id_subscription_id", "tenant_id", "subscription_id"),
    )

    order_digest: Mapped[bytes] = mapped_column(
        LargeBinary, primary_key=True, info=impersonal(_KEYED)
    )
    seller_digest: Mapped[bytes] = mapped_column(LargeBinary, info=impersonal(_KEYED))
    payload_digest: Mapped[bytes] = mapped_column(LargeBinary, info=impersonal(_KEYED))
    method: Mapped[str] = mapped_column(Text, info=impersonal("name of a method"))
    subscription_id: Mapped[uuid.UUID] = reference()
    member_tenant_id: Mapped[uuid.UUID | None] = reference(
        impersonal("names a tenant, which is an organisation")
    )
    answer: Mapped[bytes | None] = mapped_column(
        LargeBinary, info=impersonal("ids, states, dates and impersonal parameters")
    )
    created_at: Mapped[datetime] = moment("an order arrived")
    done_at: Mapped[datetime | None] = moment_or_none("an order was done")


class ServiceSubscription(TenantOwned, Base):
    """A service that a tenant has by a marketplace."""

    __tablename__ = "service_subscriptions"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint("(ends_at IS NOT NULL) = (state IN ('ending', 'ended'))", name="ends_at"),
    )

    id: Mapped[uuid.UUID] = row_id()
    service: Mapped[str] = mapped_column(Text, info=impersonal("key of a service"))
    state: Mapped[str] = mapped_column(Text, info=impersonal("state of a subscription"))
    parameters: Mapped[dict[str, Any]] = mapped_column(
        JSONB, info=impersonal("settings of a service, checked against a closed list")
    )
    account_id: Mapped[uuid.UUID | None] = reference()
    created_at: Mapped[datetime] = moment("a subscription began")
    state_at: Mapped[datetime] = moment("a subscription changed its state")
    ends_at: Mapped[datetime | None] = moment_or_none("a subscription's data is destroyed")
    reminded_at: Mapped[datetime | None] = moment_or_none("people were reminded of an end")
