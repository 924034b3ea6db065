"""Where Microsoft tells us of changes: one subscription for an account."""

import uuid
from datetime import datetime

from sqlalchemy import DateTime, ForeignKeyConstraint, Index, LargeBinary, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import UUID
from sqlalchemy.orm import Mapped, mapped_column

from privacy.core.db.base import Base, TenantOwned
from privacy.core.db.declarations import impersonal

_WHEN = "a moment in the life of a subscription"


class ChangeWatch(TenantOwned, Base):
    """Directory row: the digest of Microsoft's own id of a subscription finds its account before
    a tenant is known. Of the client state, which proves a delivery, only the digest is kept."""

    __tablename__ = "change_watches"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "account_id"], ["connector_accounts.tenant_id", "connector_accounts.id"]
        ),
        UniqueConstraint("tenant_id", "account_id"),
        Index("ix_change_watches_digest", "digest"),
    )

    digest: Mapped[bytes] = mapped_column(
        LargeBinary, primary_key=True, info=impersonal("SHA-256 of a subscription's id")
    )
    account_id: Mapped[uuid.UUID] = mapped_column(UUID(as_uuid=True), info=impersonal("random id"))
    outside_id: Mapped[str] = mapped_column(Text, info=impersonal("Microsoft's id of it"))
    state_digest: Mapped[bytes] = mapped_column(
        LargeBinary, info=impersonal("SHA-256 of a random secret")
    )
    ends_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), info=impersonal(_WHEN))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), info=impersonal(_WHEN))
