"""A tenant, and the installation's list of tenants."""

import uuid
from datetime import datetime

from sqlalchemy import Boolean, CheckConstraint, Integer, LargeBinary, SmallInteger, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from privacy.core.db.base import Base, TenantOwned
from privacy.core.db.declarations import impersonal
from tenants.columns import moment, reference
from tenants.holdings import TENANT_NAME

STATES = ("active", "suspended", "terminated")


class Tenant(TenantOwned, Base):
    """One customer of the installation. The row is its own: nobody else can read it."""

    __tablename__ = "tenants"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint("retention_days_calls > 0", name="retention_days_calls"),
    )

    name_sealed: Mapped[bytes] = mapped_column(LargeBinary, info=TENANT_NAME)
    name_version: Mapped[int] = mapped_column(Integer, info=impersonal("counter"))
    services: Mapped[list[str]] = mapped_column(ARRAY(Text), info=impersonal("keys of services"))
    state: Mapped[str] = mapped_column(Text, info=impersonal("state of a subscription"))
    mfa_required: Mapped[bool] = mapped_column(Boolean, info=impersonal("a setting"))
    retention_days_calls: Mapped[int | None] = mapped_column(
        SmallInteger, info=impersonal("a setting; None is the profile's number")
    )
    created_at: Mapped[datetime] = moment("a subscription began")
    publishes_statistics: Mapped[bool] = mapped_column(
        Boolean, server_default="false", info=impersonal("a setting")
    )


class TenantListing(TenantOwned, Base):
    """That a tenant exists, for the operator. Payload-free: what it is called, it says itself."""

    __tablename__ = "tenant_directory"

    member_tenant_id: Mapped[uuid.UUID] = reference(
        impersonal("names a tenant, which is an organisation"), key=True
    )
    created_at: Mapped[datetime] = moment("a subscription began")
