"""Answers kept for a day, so that a repeated request is told the same and does nothing."""

from datetime import datetime

from sqlalchemy import DateTime, Index, LargeBinary, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from privacy.core.db.base import Base, TenantOwned
from privacy.core.db.declarations import impersonal

_KEYED = "keyed digest; whoever has not the tenant's key learns nothing from it"


class IdempotentAnswer(TenantOwned, Base):
    """The answer to one Idempotency-Key. It holds counts and our own words, nothing sent."""

    __tablename__ = "idempotent_answers"
    __table_args__ = (
        Index("ix_idempotent_answers_tenant_id_expires_at", "tenant_id", "expires_at"),
    )

    key_digest: Mapped[bytes] = mapped_column(
        LargeBinary, primary_key=True, info=impersonal(_KEYED)
    )
    payload_digest: Mapped[bytes] = mapped_column(LargeBinary, info=impersonal(_KEYED))
    status: Mapped[int] = mapped_column(SmallInteger, info=impersonal("HTTP status"))
    body: Mapped[bytes] = mapped_column(
        LargeBinary, info=impersonal("counts, indexes, codes and our own reasons")
    )
    expires_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), info=impersonal("when the answer is forgotten")
    )
