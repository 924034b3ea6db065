"""Attempts to sign in, counted by keyed digest: no address, no name."""

from datetime import datetime

from sqlalchemy import Index, Integer, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from privacy.core.db.base import Base, TenantOwned
from privacy.core.db.declarations import impersonal
from tenants.columns import moment, moment_or_none
from tenants.holdings import USAGE


class AttemptCount(TenantOwned, Base):
    """One bucket of attempts, with the moment until which it refuses."""

    __tablename__ = "attempt_counts"
    __table_args__ = (Index("ix_attempt_counts_expires_at", "tenant_id", "expires_at"),)

    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True, info=USAGE)
    attempts: Mapped[int] = mapped_column(Integer, info=impersonal("counter"))
    blocked_until: Mapped[datetime | None] = moment_or_none("attempts are accepted again")
    expires_at: Mapped[datetime] = moment("a count is forgotten")
