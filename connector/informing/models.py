"""Decisions on who was informed, or need not be. Who is left is computed, not stored."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, Text
from sqlalchemy.dialects.postgresql import UUID
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

_WORD = impersonal("word from a closed list")


class Informing(TenantOwned, Base):
    """One contact, or the people behind the calls of one account: informed, or exempt."""

    __tablename__ = "informings"
    __table_args__ = (
        CheckConstraint("kind IN ('contact', 'calls')", name="kind"),
        CheckConstraint("state IN ('informed', 'exempt')", name="state"),
    )

    kind: Mapped[str] = mapped_column(Text, primary_key=True, info=_WORD)
    ref: Mapped[uuid.UUID] = mapped_column(
        UUID(as_uuid=True), primary_key=True, info=impersonal("random id")
    )
    state: Mapped[str] = mapped_column(Text, info=_WORD)
    how: Mapped[str] = mapped_column(Text, info=_WORD)
    """How they were informed, or why they need not be (GDPR Art. 14(5))."""
    decided_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), info=impersonal("when somebody was informed")
    )
    decided_by: Mapped[uuid.UUID | None] = mapped_column(
        UUID(as_uuid=True),
        info=personal(
            "user.unique_id",
            purpose=Purpose.DOCUMENTATION,
            basis=LegalBasis.OBLIGATION,
            retention=Retention.SUBSCRIPTION,
            subjects=Subjects.CUSTOMERS,
        ),
    )
