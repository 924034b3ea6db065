"""The outbox: a job is a row, written in the transaction that needs it done."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    Index,
    SmallInteger,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB, UUID
from sqlalchemy.orm import Mapped, mapped_column

from privacy.core.db.base import Base, TenantOwned
from privacy.core.db.declarations import impersonal

STATES = ("waiting", "rung", "running", "done", "dead")


class OutboxJob(TenantOwned, Base):
    """One job. `payload` holds ids and counts only; the relay can see the envelope, not it."""

    __tablename__ = "outbox_jobs"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        UniqueConstraint("tenant_id", "dedupe_key"),
        Index(
            "ix_outbox_jobs_due",
            "run_at",
            postgresql_where="state IN ('waiting', 'rung', 'running')",
        ),
        Index(
            "ix_outbox_jobs_open",
            "id",
            postgresql_where="state IN ('waiting', 'rung', 'running')",
        ),
        Index(
            "ix_outbox_jobs_over",
            "finished_at",
            postgresql_where="state IN ('done', 'dead')",
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(
        UUID(as_uuid=True), primary_key=True, info=impersonal("random id")
    )
    name: Mapped[str] = mapped_column(Text, info=impersonal("name of a job"))
    queue: Mapped[str] = mapped_column(Text, info=impersonal("name of a queue"))
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB, info=impersonal("ids and counts only"))
    dedupe_key: Mapped[str | None] = mapped_column(
        Text, info=impersonal("name and slot of a job, made of ids")
    )
    state: Mapped[str] = mapped_column(
        Text,
        default="waiting",
        server_default="waiting",
        info=impersonal("state of a job"),
    )
    attempt: Mapped[int] = mapped_column(
        SmallInteger, default=0, server_default="0", info=impersonal("counter")
    )
    run_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), info=impersonal("when a job is due")
    )
    rung_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), info=impersonal("when Redis was told")
    )
    lease_token: Mapped[uuid.UUID | None] = mapped_column(
        UUID(as_uuid=True), info=impersonal("random id of a run")
    )
    lease_until: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), info=impersonal("end of a run's lease")
    )
    finished_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), info=impersonal("when a job ended")
    )
    failure_code: Mapped[str | None] = mapped_column(
        Text, info=impersonal("error code from a closed list or an exception's type")
    )
    created_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), info=impersonal("when a job was written")
    )
