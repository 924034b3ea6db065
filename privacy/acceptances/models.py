"""Decisions on a published notice. They are added and never changed."""

import uuid
from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Text,
)
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


class PolicyDecision(TenantOwned, Base):
    """What one person decided for the organisation. The latest of a version counts."""

    __tablename__ = "policy_decisions"
    __table_args__ = (
        CheckConstraint("decision IN ('accepted', 'declined')", name="decision"),
        ForeignKeyConstraint(
            ["tenant_id", "service", "number"],
            ["notices.tenant_id", "notices.service", "notices.number"],
        ),
        Index("ix_policy_decisions_tenant_id_service_number", "tenant_id", "service", "number"),
    )

    id: Mapped[uuid.UUID] = mapped_column(
        UUID(as_uuid=True), primary_key=True, info=impersonal("random id")
    )
    service: Mapped[str] = mapped_column(Text, info=impersonal("key of a service"))
    number: Mapped[int] = mapped_column(Integer, info=impersonal("version of a notice"))
    digest: Mapped[bytes] = mapped_column(
        LargeBinary, info=impersonal("SHA-256 of a published text")
    )
    decision: Mapped[str] = mapped_column(Text, info=impersonal("word from a closed list"))
    decided_by: Mapped[uuid.UUID | None] = mapped_column(
        UUID(as_uuid=True),
        info=personal(
            "user.unique_id",
            purpose=Purpose.SECURITY,
            basis=LegalBasis.CONTRACT,
            retention=Retention.SUBSCRIPTION,
            subjects=Subjects.CUSTOMERS,
        ),
    )
    decided_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), info=impersonal("when a policy was accepted or declined")
    )
