"""Processors besides those of the profile: organisations, so nothing personal is in a row."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, DateTime, Index, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY, UUID
from sqlalchemy.orm import Mapped, mapped_column

from privacy.core.db.base import Base, TenantOwned
from privacy.core.db.declarations import impersonal
from privacy.profiles.sharing import Transfer

STATES = ("announced", "active", "ended")
_TRANSFERS = ", ".join(f"'{one}'" for one in Transfer)
_ABOUT = impersonal("says something of an organisation")
_RANDOM = impersonal("random id")


class TenantProcessor(TenantOwned, Base):
    """One sub-processor of one service. Announced first, with time to object (Art. 28(2)).

    `change_id`: the installation's announcement that this row is the tenant's copy of.
    """

    __tablename__ = "processors"
    __table_args__ = (
        UniqueConstraint("tenant_id", "change_id"),
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint(f"transfer IN ({_TRANSFERS})", name="transfer"),
        CheckConstraint("runs IN ('server', 'browser')", name="runs"),
        CheckConstraint("cardinality(fields) > 0", name="fields"),
        Index("ix_processors_tenant_id_service", "tenant_id", "service"),
    )

    id: Mapped[uuid.UUID] = mapped_column(UUID(as_uuid=True), primary_key=True, info=_RANDOM)
    change_id: Mapped[uuid.UUID | None] = mapped_column(UUID(as_uuid=True), info=_RANDOM)
    service: Mapped[str] = mapped_column(Text, info=impersonal("key of a service"))
    name: Mapped[str] = mapped_column(Text, info=_ABOUT)
    role: Mapped[str] = mapped_column(Text, info=_ABOUT)
    country: Mapped[str] = mapped_column(Text, info=_ABOUT)
    runs: Mapped[str] = mapped_column(Text, info=_ABOUT)
    transfer: Mapped[str] = mapped_column(Text, info=_ABOUT)
    transfer_valid_until: Mapped[date | None] = mapped_column(Date, info=_ABOUT)
    assessed_on: Mapped[date | None] = mapped_column(Date, info=_ABOUT)
    assessment_url: Mapped[str | None] = mapped_column(Text, info=_ABOUT)
    statement_url: Mapped[str] = mapped_column(Text, info=_ABOUT)
    agreement_url: Mapped[str] = mapped_column(Text, info=_ABOUT)
    fields: Mapped[list[str]] = mapped_column(
        ARRAY(Text), info=impersonal("names of fields that a profile declares")
    )
    state: Mapped[str] = mapped_column(Text, info=impersonal("word from a closed list"))
    announced_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), info=impersonal("when a change was announced")
    )
    effective_on: Mapped[date] = mapped_column(Date, info=impersonal("first day of a processor"))
    objected_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), info=impersonal("when an organisation objected")
    )
    ended_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), info=impersonal("when a processor ended")
    )
