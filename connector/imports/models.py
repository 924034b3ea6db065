"""How far each file has been read."""

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, DateTime, ForeignKeyConstraint, LargeBinary
from sqlalchemy.dialects.postgresql import UUID
from sqlalchemy.orm import Mapped, mapped_column

from privacy.core.db.base import Base, TenantOwned
from privacy.core.db.declarations import impersonal

_COUNT = impersonal("a count")


class CallImport(TenantOwned, Base):
    """One file of one account, known by its first row: it may have grown since."""

    __tablename__ = "call_imports"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "account_id"], ["connector_accounts.tenant_id", "connector_accounts.id"]
        ),
    )

    account_id: Mapped[uuid.UUID] = mapped_column(
        UUID(as_uuid=True), primary_key=True, info=impersonal("random id")
    )
    file_digest: Mapped[bytes] = mapped_column(
        LargeBinary, primary_key=True, info=impersonal("keyed digest of a file's first rows")
    )
    position: Mapped[int] = mapped_column(BigInteger, info=impersonal("a place in a file"))
    accepted: Mapped[int] = mapped_column(BigInteger, info=_COUNT)
    duplicates: Mapped[int] = mapped_column(BigInteger, info=_COUNT)
    expired: Mapped[int] = mapped_column(BigInteger, info=_COUNT)
    rejected: Mapped[int] = mapped_column(BigInteger, info=_COUNT)
    updated_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), info=impersonal("when a file was last read")
    )
