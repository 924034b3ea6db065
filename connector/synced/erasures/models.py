"""What may not be brought again: keyed digests only, so nothing says who it was."""

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, DateTime, Index
from sqlalchemy.dialects.postgresql import UUID
from sqlalchemy.orm import Mapped, mapped_column

from privacy.core.db.base import Base, TenantOwned
from privacy.core.db.declarations import impersonal


class ErasedRecord(TenantOwned, Base):
    """One token that leads to an erased contact: its own, or one of its invoices'."""

    __tablename__ = "erased_records"
    __table_args__ = (
        Index("ix_erased_records_tenant_id_contact_id", "tenant_id", "contact_id"),
        Index("ix_erased_records_tenant_id_account_id", "tenant_id", "account_id"),
    )

    token: Mapped[int] = mapped_column(
        BigInteger,
        primary_key=True,
        autoincrement=False,
        info=impersonal("keyed digest of what was erased, to recognise it by"),
    )
    contact_id: Mapped[uuid.UUID] = mapped_column(
        UUID(as_uuid=True), info=impersonal("keyed digest")
    )
    account_id: Mapped[uuid.UUID] = mapped_column(UUID(as_uuid=True), info=impersonal("random id"))
    erased_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), info=impersonal("when somebody was erased")
    )
