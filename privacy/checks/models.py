"""Rows of checks. They are the installation's own, and about software, not about people."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB, UUID
from sqlalchemy.orm import Mapped, mapped_column

from privacy.core.db.base import Base, TenantOwned
from privacy.core.db.declarations import (
    LegalBasis,
    Purpose,
    Retention,
    Subjects,
    impersonal,
    personal,
)

SOURCES = ("python", "debian")
OUTCOMES = ("open", "fixed", "not_affected", "accepted", "gone")
NAMES = ("configuration", "stale_data", "promises", "advisories_python", "advisories_debian")
_SOFTWARE = impersonal("says something of software")
_RANDOM = impersonal("random id")
_WHEN = impersonal("a moment in the life of an advisory")
_WHO = personal(
    "user.unique_id",
    purpose=Purpose.SECURITY,
    basis=LegalBasis.LEGITIMATE_INTEREST,
    retention=Retention.ACCOUNT,
    subjects=Subjects.CUSTOMERS,
)


class Advisory(TenantOwned, Base):
    """One security advisory that concerns something installed (promise F8)."""

    __tablename__ = "advisories"
    __table_args__ = (
        UniqueConstraint("tenant_id", "source", "key", "package"),
        CheckConstraint(f"source IN {SOURCES}", name="source"),
        CheckConstraint(f"outcome IN {OUTCOMES}", name="outcome"),
    )

    id: Mapped[uuid.UUID] = mapped_column(UUID(as_uuid=True), primary_key=True, info=_RANDOM)
    source: Mapped[str] = mapped_column(Text, info=_SOFTWARE)
    key: Mapped[str] = mapped_column(Text, info=_SOFTWARE)
    package: Mapped[str] = mapped_column(Text, info=_SOFTWARE)
    installed: Mapped[str] = mapped_column(Text, info=_SOFTWARE)
    fixed: Mapped[str | None] = mapped_column(Text, info=_SOFTWARE)
    urgent: Mapped[bool] = mapped_column(Boolean, info=_SOFTWARE)
    first_seen_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), info=_WHEN)
    last_seen_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), info=_WHEN)
    due_on: Mapped[date] = mapped_column(Date, info=_WHEN)
    owner_id: Mapped[uuid.UUID | None] = mapped_column(UUID(as_uuid=True), info=_WHO)
    owned_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), info=_WHEN)
    outcome: Mapped[str] = mapped_column(Text, info=impersonal("word from a closed list"))
    reasons: Mapped[str | None] = mapped_column(Text, info=_SOFTWARE)
    settled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), info=_WHEN)
    settled_by: Mapped[uuid.UUID | None] = mapped_column(UUID(as_uuid=True), info=_WHO)


class Baseline(TenantOwned, Base):
    """The accepted state of one part of the security configuration, as a digest (promise F11)."""

    __tablename__ = "baselines"

    name: Mapped[str] = mapped_column(Text, primary_key=True, info=_SOFTWARE)
    digest: Mapped[bytes] = mapped_column(
        LargeBinary, info=impersonal("digest of a part of the configuration")
    )
    accepted_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), info=_WHEN)
    accepted_by: Mapped[uuid.UUID | None] = mapped_column(UUID(as_uuid=True), info=_WHO)


class CheckRun(TenantOwned, Base):
    """That a check was made, and what came of it (promise F12)."""

    __tablename__ = "check_runs"
    __table_args__ = (
        CheckConstraint(f"name IN {NAMES}", name="name"),
        Index("ix_check_runs_tenant_id_name_at", "tenant_id", "name", "at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(UUID(as_uuid=True), primary_key=True, info=_RANDOM)
    name: Mapped[str] = mapped_column(Text, info=impersonal("word from a closed list"))
    at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), info=impersonal("when a check was made")
    )
    passed: Mapped[bool] = mapped_column(Boolean, info=impersonal("what came of a check"))
    facts: Mapped[dict[str, Any]] = mapped_column(
        JSONB, info=impersonal("counts, and names of parts")
    )
