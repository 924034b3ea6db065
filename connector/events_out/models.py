"""Endpoints of tenants, their secrets, what happened, and how its delivery went."""

import uuid
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from privacy.core.db.base import Base, TenantOwned
from privacy.core.db.declarations import impersonal
from privacy.ledger.rollbacks import Versioned, register
from privacy.suppressions.uses import Use
from privacy.vault.labels import Scope
from privacy.vault.reseals import SealedColumn
from privacy.vault.reseals import register as register_sealed
from tenants.columns import moment, moment_or_none, reference, row_id

ENDPOINT_STATES: Final = ("active", "disabled")
DELIVERY_STATES: Final = ("waiting", "delivered", "failed")


class WebhookEndpoint(TenantOwned, Base):
    """An address that a tenant wants told. Its path may be a secret, so it is sealed."""

    __tablename__ = "webhook_endpoints"
    __table_args__ = (
        CheckConstraint(f"state IN {ENDPOINT_STATES}", name="state"),
        CheckConstraint(f"use IN {tuple(use.value for use in Use)}", name="use"),
    )

    id: Mapped[uuid.UUID] = row_id()
    name: Mapped[str] = mapped_column(Text, info=impersonal("what the tenant calls a system"))
    url_sealed: Mapped[bytes] = mapped_column(
        LargeBinary, info=impersonal("address of a tenant's own program, sealed")
    )
    url_version: Mapped[int] = mapped_column(Integer, info=impersonal("counter"))
    kinds: Mapped[list[str]] = mapped_column(ARRAY(Text), info=impersonal("kinds of events"))
    include_personal: Mapped[bool] = mapped_column(
        Boolean, default=False, server_default="false", info=impersonal("a setting")
    )
    use: Mapped[str] = mapped_column(
        Text, default="delivery", server_default="delivery", info=impersonal("what events are for")
    )
    state: Mapped[str] = mapped_column(
        Text, default="active", server_default="active", info=impersonal("state of an endpoint")
    )
    state_reason: Mapped[str | None] = mapped_column(Text, info=impersonal("a code"))
    state_at: Mapped[datetime] = moment("an endpoint was made, disabled or enabled")
    failing_since: Mapped[datetime | None] = moment_or_none("an endpoint began to fail")
    last_success_at: Mapped[datetime | None] = moment_or_none("an endpoint last took an event")
    created_at: Mapped[datetime] = moment("an endpoint was made")


class WebhookSecret(TenantOwned, Base):
    """One generation of an endpoint's signing secret. Two of them sign while one replaces another.

    `expires_at` is set when a newer one is made.
    """

    __tablename__ = "webhook_secrets"
    __table_args__ = (
        UniqueConstraint("tenant_id", "endpoint_id", "version"),
        ForeignKeyConstraint(
            ["tenant_id", "endpoint_id"],
            ["webhook_endpoints.tenant_id", "webhook_endpoints.id"],
            ondelete="CASCADE",
        ),
    )

    id: Mapped[uuid.UUID] = row_id()
    endpoint_id: Mapped[uuid.UUID] = reference()
    version: Mapped[int] = mapped_column(Integer, info=impersonal("counter"))
    secret_sealed: Mapped[bytes] = mapped_column(
        LargeBinary, info=impersonal("random signing secret, sealed")
    )
    created_at: Mapped[datetime] = moment("a signing secret was made")
    expires_at: Mapped[datetime | None] = moment_or_none("a replaced signing secret ends")


class WebhookEvent(TenantOwned, Base):
    """Something that happened: ids and words. What is personal is looked up when it is sent."""

    __tablename__ = "webhook_events"
    __table_args__ = (Index("ix_webhook_events_tenant_id_at", "tenant_id", "at"),)

    id: Mapped[uuid.UUID] = row_id()
    kind: Mapped[str] = mapped_column(Text, info=impersonal("kind of an event"))
    facts: Mapped[dict[str, Any]] = mapped_column(
        JSONB, info=impersonal("ids, counts and words from closed lists")
    )
    at: Mapped[datetime] = moment("something happened in the service")


class WebhookDelivery(TenantOwned, Base):
    """One event on its way to one endpoint.

    `turn` names the job that may try next; `tries` counts within the schedule and begins anew
    with a replay, `attempts` counts all. Nothing of an answer is kept but its status.
    """

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        UniqueConstraint("tenant_id", "endpoint_id", "event_id"),
        CheckConstraint(f"state IN {DELIVERY_STATES}", name="state"),
        ForeignKeyConstraint(
            ["tenant_id", "endpoint_id"],
            ["webhook_endpoints.tenant_id", "webhook_endpoints.id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(
            ["tenant_id", "event_id"],
            ["webhook_events.tenant_id", "webhook_events.id"],
            ondelete="CASCADE",
        ),
        Index("ix_webhook_deliveries_tenant_id_event_id", "tenant_id", "event_id"),
    )

    id: Mapped[uuid.UUID] = row_id()
    endpoint_id: Mapped[uuid.UUID] = reference()
    event_id: Mapped[uuid.UUID] = reference()
    state: Mapped[str] = mapped_column(
        Text, default="waiting", server_default="waiting", info=impersonal("state of a delivery")
    )
    turn: Mapped[int] = mapped_column(
        Integer, default=1, server_default="1", info=impersonal("counter")
    )
    tries: Mapped[int] = mapped_column(
        SmallInteger, default=0, server_default="0", info=impersonal("counter")
    )
    attempts: Mapped[int] = mapped_column(
        Integer, default=0, server_default="0", info=impersonal("counter")
    )
    next_at: Mapped[datetime | None] = moment_or_none("a delivery is tried next")
    tried_at: Mapped[datetime | None] = moment_or_none("a delivery was last tried")
    status: Mapped[int | None] = mapped_column(SmallInteger, info=impersonal("HTTP status"))
    code: Mapped[str | None] = mapped_column(Text, info=impersonal("a code"))
    duration_ms: Mapped[int | None] = mapped_column(
        Integer, info=impersonal("how long an answer took")
    )
    created_at: Mapped[datetime] = moment("a delivery was planned")


class WebhookArrival(TenantOwned, Base):
    """A call that came by itself and is told of with its neighbours, seconds later."""

    __tablename__ = "webhook_arrivals"

    id: Mapped[uuid.UUID] = row_id()
    account_id: Mapped[uuid.UUID] = reference()
    call_id: Mapped[uuid.UUID] = reference(
        impersonal("keyed digest, meaningless once its day's key is destroyed")
    )
    at: Mapped[datetime] = moment("a call arrived")


URL_VERSION = register(Versioned("webhook_endpoints", "url_version"))
"""An older address put back with its whole row is found by verification."""

register_sealed(
    SealedColumn(
        "webhook_endpoints",
        "url_sealed",
        Scope.SETTINGS,
        "endpoint url",
        version_column="url_version",
    )
)
register_sealed(
    SealedColumn(
        "webhook_secrets",
        "secret_sealed",
        Scope.CREDENTIALS,
        "endpoint secret",
        version_column="version",
    )
)
