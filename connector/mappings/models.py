"""Every mapping that an account has had, as it was saved."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, ForeignKeyConstraint, Integer
from sqlalchemy.dialects.postgresql import JSONB, UUID
from sqlalchemy.orm import Mapped, mapped_column

from privacy.core.db.base import Base, TenantOwned
from privacy.core.db.declarations import impersonal


class AccountMapping(TenantOwned, Base):
    """One version. What counts is in the account's settings; this is its history."""

    __tablename__ = "account_mappings"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "account_id"], ["connector_accounts.tenant_id", "connector_accounts.id"]
        ),
    )

    account_id: Mapped[uuid.UUID] = mapped_column(
        UUID(as_uuid=True), primary_key=True, info=impersonal("random id")
    )
    version: Mapped[int] = mapped_column(Integer, primary_key=True, info=impersonal("counter"))
    settings: Mapped[dict[str, Any]] = mapped_column(
        JSONB, info=impersonal("how documents of an account are read")
    )
    saved_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), info=impersonal("a moment in the life of a connection")
    )
    saved_by: Mapped[uuid.UUID | None] = mapped_column(
        UUID(as_uuid=True), info=impersonal("random id of who acted, as in the ledger")
    )
