"""Rows of examinations, and the latest figures for whoever watches the installation."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, Double, Index, SmallInteger, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, UUID
from sqlalchemy.orm import Mapped, mapped_column

from privacy.core.db.base import Base, TenantOwned
from privacy.core.db.declarations import impersonal

_COUNT = impersonal("counter")


class PromiseRun(TenantOwned, Base):
    """One examination: the installation's, over all tenants, or a tenant's own."""

    __tablename__ = "promise_runs"
    __table_args__ = (Index("ix_promise_runs_tenant_id_at", "tenant_id", "at"),)

    id: Mapped[uuid.UUID] = mapped_column(
        UUID(as_uuid=True), primary_key=True, info=impersonal("random id")
    )
    at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), info=impersonal("when promises were examined")
    )
    kept: Mapped[int] = mapped_column(SmallInteger, info=_COUNT)
    untestable: Mapped[int] = mapped_column(SmallInteger, info=_COUNT)
    broken: Mapped[list[str]] = mapped_column(ARRAY(Text), info=impersonal("ids of promises"))
    told: Mapped[list[str]] = mapped_column(
        ARRAY(Text), info=impersonal("ids of promises that a mail told of")
    )
    findings: Mapped[list[dict[str, Any]]] = mapped_column(
        JSONB, info=impersonal("outcomes, counts and dates; a test holds that nobody is in them")
    )


class Figure(TenantOwned, Base):
    """A number that `/metrics` shows; the installation's own tenant holds them."""

    __tablename__ = "figures"

    name: Mapped[str] = mapped_column(
        Text, primary_key=True, info=impersonal("word from a closed list")
    )
    about: Mapped[str] = mapped_column(
        Text, primary_key=True, info=impersonal("id of a promise, or a word from a closed list")
    )
    value: Mapped[float] = mapped_column(Double, info=impersonal("a count over all tenants"))
    at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), info=impersonal("when a number was counted")
    )
