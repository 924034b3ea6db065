"""The ledger's tables. The application may add to two of them and change none."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Identity, Index, LargeBinary, Text, UniqueConstraint
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


class LedgerEvent(TenantOwned, Base):
    """One act. Never updated, never deleted."""

    __tablename__ = "ledger_events"

    id: Mapped[uuid.UUID] = mapped_column(
        UUID(as_uuid=True), primary_key=True, info=impersonal("random id")
    )
    at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), info=impersonal("when an act was recorded")
    )
    event: Mapped[str] = mapped_column(Text, info=impersonal("name from a closed list"))
    actor_kind: Mapped[str] = mapped_column(Text, info=impersonal("word from a closed list"))
    actor_id: Mapped[uuid.UUID | None] = mapped_column(
        UUID(as_uuid=True),
        info=personal(
            "user.unique_id",
            purpose=Purpose.SECURITY,
            basis=LegalBasis.LEGITIMATE_INTEREST,
            retention=Retention.LEDGER,
            subjects=Subjects.CUSTOMERS,
        ),
    )
    subject: Mapped[str | None] = mapped_column(
        Text,
        info=personal(
            "user.unique_id",
            purpose=Purpose.SECURITY,
            basis=LegalBasis.LEGITIMATE_INTEREST,
            retention=Retention.LEDGER,
            subjects=Subjects.CUSTOMERS,
        ),
    )
    facts: Mapped[dict[str, Any]] = mapped_column(
        JSONB, info=impersonal("counts, ids and words from closed lists; checked when written")
    )
    commitment: Mapped[bytes | None] = mapped_column(
        LargeBinary, info=impersonal("keyed digest; its key ends with the data")
    )


class LedgerPending(TenantOwned, Base):
    """An event that the sequencer has yet to chain."""

    __tablename__ = "ledger_pending"
    __table_args__ = (Index("ix_ledger_pending_arrival", "arrival"),)

    event_id: Mapped[uuid.UUID] = mapped_column(
        UUID(as_uuid=True), primary_key=True, info=impersonal("random id")
    )
    arrival: Mapped[int] = mapped_column(
        BigInteger, Identity(always=True), info=impersonal("counter")
    )


class LedgerLink(TenantOwned, Base):
    """An event's place in its tenant's chain."""

    __tablename__ = "ledger_links"
    __table_args__ = (UniqueConstraint("tenant_id", "event_id"),)

    position: Mapped[int] = mapped_column(
        BigInteger, primary_key=True, autoincrement=False, info=impersonal("counter from 1")
    )
    event_id: Mapped[uuid.UUID] = mapped_column(UUID(as_uuid=True), info=impersonal("random id"))
    event_digest: Mapped[bytes] = mapped_column(LargeBinary, info=impersonal("digest of an event"))
    previous: Mapped[bytes] = mapped_column(LargeBinary, info=impersonal("digest of a link"))
    digest: Mapped[bytes] = mapped_column(LargeBinary, info=impersonal("digest of a link"))


class LedgerHead(TenantOwned, Base):
    """The signed end of a tenant's chain; `anchored` trails `position` until it is off-site."""

    __tablename__ = "ledger_heads"
    __table_args__ = (
        Index("ix_ledger_heads_unanchored", "tenant_id", postgresql_where="anchored < position"),
    )

    position: Mapped[int] = mapped_column(BigInteger, info=impersonal("counter"))
    digest: Mapped[bytes] = mapped_column(LargeBinary, info=impersonal("digest of a link"))
    signed_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), info=impersonal("when a chain was signed")
    )
    signature: Mapped[bytes] = mapped_column(LargeBinary, info=impersonal("signature of a digest"))
    anchored: Mapped[int] = mapped_column(
        BigInteger, default=0, server_default="0", info=impersonal("counter")
    )
