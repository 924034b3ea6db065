"""Streams of connected systems, and the runs that read them."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    Text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, UUID
from sqlalchemy.orm import Mapped, mapped_column

from privacy.core.db.base import Base, TenantOwned
from privacy.core.db.declarations import impersonal

_WHEN = "a moment in the reading of a system"
_KINDS = "failure_kind IN ('configuration', 'transient', 'system')"
_COUNT = impersonal("a count of things")


def _count() -> Mapped[int]:
    return mapped_column(BigInteger, server_default="0", default=0, info=_COUNT)


def _moment() -> Mapped[datetime | None]:
    return mapped_column(DateTime(timezone=True), info=impersonal(_WHEN))


class AccountStream(TenantOwned, Base):
    """One kind of thing that an account has, and how far it was read.

    `sweep_id` is there while everything is being listed. `run_id` names the run that reads it
    now. `available`: whether the last test call found it readable. `removal_waits` of
    `removal_of` things were missing in the last listing, and were kept until somebody says so;
    `removal_allowed` is how many somebody has said may go.
    """

    __tablename__ = "account_streams"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "account_id"], ["connector_accounts.tenant_id", "connector_accounts.id"]
        ),
        CheckConstraint(_KINDS, name="failure_kind"),
        Index("ix_account_streams_next_due_at", "tenant_id", "next_due_at"),
    )

    account_id: Mapped[uuid.UUID] = mapped_column(
        UUID(as_uuid=True), primary_key=True, info=impersonal("random id")
    )
    stream: Mapped[str] = mapped_column(
        Text, primary_key=True, info=impersonal("a vendor's name of a kind of things")
    )
    kind: Mapped[str] = mapped_column(Text, info=impersonal("kind of records"))
    available: Mapped[bool] = mapped_column(
        Boolean, server_default="true", default=True, info=impersonal("a choice")
    )
    paused: Mapped[bool] = mapped_column(
        Boolean, server_default="false", default=False, info=impersonal("a choice")
    )
    full_wanted: Mapped[bool] = mapped_column(
        Boolean, server_default="false", default=False, info=impersonal("a choice")
    )
    cursor: Mapped[dict[str, Any] | None] = mapped_column(
        JSONB, info=impersonal("times and ids up to which a system was read")
    )
    sweep_id: Mapped[uuid.UUID | None] = mapped_column(
        UUID(as_uuid=True), info=impersonal("random id")
    )
    run_id: Mapped[uuid.UUID | None] = mapped_column(
        UUID(as_uuid=True), info=impersonal("random id")
    )
    every_minutes: Mapped[int] = mapped_column(
        Integer, server_default="60", default=60, info=impersonal("how often it is read")
    )
    next_due_at: Mapped[datetime | None] = _moment()
    last_success_at: Mapped[datetime | None] = _moment()
    swept_at: Mapped[datetime | None] = _moment()
    failures: Mapped[int] = mapped_column(
        Integer, server_default="0", default=0, info=impersonal("counter")
    )
    failing_since: Mapped[datetime | None] = _moment()
    failure_code: Mapped[str | None] = mapped_column(Text, info=impersonal("a code"))
    failure_kind: Mapped[str | None] = mapped_column(Text, info=impersonal("who can mend it"))
    failure_text: Mapped[str | None] = mapped_column(
        Text, info=impersonal("our own constant words about a failure")
    )
    removal_waits: Mapped[int | None] = mapped_column(BigInteger, info=_COUNT)
    removal_of: Mapped[int | None] = mapped_column(BigInteger, info=_COUNT)
    removal_allowed: Mapped[int | None] = mapped_column(BigInteger, info=_COUNT)


class SyncRun(TenantOwned, Base):
    """One run over one stream: its progress while it runs, its counts afterwards."""

    __tablename__ = "sync_runs"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "account_id"], ["connector_accounts.tenant_id", "connector_accounts.id"]
        ),
        CheckConstraint("mode IN ('incremental', 'full', 'remap')", name="mode"),
        CheckConstraint(
            "outcome IN ('running', 'done', 'failed', 'interrupted', 'stopped')", name="outcome"
        ),
        CheckConstraint(_KINDS, name="failure_kind"),
        Index(
            "ix_sync_runs_tenant_id_account_id_started_at", "tenant_id", "account_id", "started_at"
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(
        UUID(as_uuid=True), primary_key=True, info=impersonal("random id")
    )
    account_id: Mapped[uuid.UUID] = mapped_column(UUID(as_uuid=True), info=impersonal("random id"))
    stream: Mapped[str] = mapped_column(
        Text, info=impersonal("a vendor's name of a kind of things")
    )
    mode: Mapped[str] = mapped_column(Text, info=impersonal("what a run reads"))
    outcome: Mapped[str] = mapped_column(Text, info=impersonal("how a run ended"))
    started_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), info=impersonal(_WHEN))
    progressed_at: Mapped[datetime | None] = _moment()
    ended_at: Mapped[datetime | None] = _moment()
    pages: Mapped[int] = _count()
    estimated: Mapped[int | None] = mapped_column(BigInteger, info=_COUNT)
    created: Mapped[int] = _count()
    changed: Mapped[int] = _count()
    unchanged: Mapped[int] = _count()
    removed: Mapped[int] = _count()
    refused: Mapped[int] = _count()
    unread: Mapped[int] = _count()
    failure_code: Mapped[str | None] = mapped_column(Text, info=impersonal("a code"))
    failure_kind: Mapped[str | None] = mapped_column(Text, info=impersonal("who can mend it"))

    @property
    def seen(self) -> int:
        """How many things came, whatever became of them."""
        return self.created + self.changed + self.unchanged + self.refused


class AccountBudget(TenantOwned, Base):
    """Moments of an account's requests of the last minute, taken by whichever process."""

    __tablename__ = "account_budgets"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "account_id"], ["connector_accounts.tenant_id", "connector_accounts.id"]
        ),
    )

    account_id: Mapped[uuid.UUID] = mapped_column(
        UUID(as_uuid=True), primary_key=True, info=impersonal("random id")
    )
    turns: Mapped[list[datetime]] = mapped_column(
        ARRAY(DateTime(timezone=True)),
        server_default="{}",
        info=impersonal("moments at which an outside system was asked"),
    )
