"""One row's hold: since when, why, by whom, and when somebody ended it."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, DateTime, Index, LargeBinary, Text
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
from privacy.identities.people import sealed_text


class Holdable(StrEnum):
    """Tables whose rows can be held. What ends by a day's key cannot (promise B1)."""

    CONTACTS = "contacts"
    INQUIRIES = "inquiries"
    INVOICES = "invoices"
    PAYMENTS = "payments"
    SUBSCRIPTIONS = "subscriptions"
    REGISTRANTS = "registrants"


_TABLES = ", ".join(f"'{one}'" for one in Holdable)
_WHEN = impersonal("a moment in the life of a hold")
_AGENT = personal(
    "user.unique_id",
    purpose=Purpose.SECURITY,
    basis=LegalBasis.OBLIGATION,
    retention=Retention.REQUESTS,
    subjects=Subjects.CUSTOMERS,
)
_REASON = personal(
    "user",
    purpose=Purpose.SECURITY,
    basis=LegalBasis.LEGITIMATE_INTEREST,
    retention=Retention.REQUESTS,
    subjects=Subjects.CUSTOMERS_OF_CUSTOMERS,
)


class LegalHold(TenantOwned, Base):
    """It stands until somebody ends it: none lapses by itself."""

    __tablename__ = "legal_holds"
    __table_args__ = (
        CheckConstraint(f"relation IN ({_TABLES})", name="relation"),
        Index("ix_legal_holds_tenant_id_row_id", "tenant_id", "row_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(
        UUID(as_uuid=True), primary_key=True, info=impersonal("random id")
    )
    relation: Mapped[str] = mapped_column(Text, info=impersonal("name of a table"))
    row_id: Mapped[uuid.UUID] = mapped_column(
        UUID(as_uuid=True), info=impersonal("id of a row, random or a keyed digest")
    )
    reason_sealed: Mapped[bytes] = mapped_column(LargeBinary, info=_REASON)
    began_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), info=_WHEN)
    began_by: Mapped[uuid.UUID | None] = mapped_column(UUID(as_uuid=True), info=_AGENT)
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), info=_WHEN)
    ended_by: Mapped[uuid.UUID | None] = mapped_column(UUID(as_uuid=True), info=_AGENT)


REASON = sealed_text("hold reason", "legal_holds", "reason_sealed")
