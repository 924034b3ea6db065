"""A document until the decision that it was asked for (promises A14, C7)."""

import uuid
from datetime import datetime

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
from privacy.profiles.parts import DocumentUse

_USES = ", ".join(f"'{one}'" for one in DocumentUse)


class IdentityDocument(TenantOwned, Base):
    """Of a request or a registration. The row goes with the decision."""

    __tablename__ = "identity_documents"
    __table_args__ = (
        CheckConstraint(f"use IN ({_USES})", name="use"),
        Index("ix_identity_documents_tenant_id_subject_id", "tenant_id", "subject_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(
        UUID(as_uuid=True), primary_key=True, info=impersonal("random id")
    )
    subject_id: Mapped[uuid.UUID] = mapped_column(
        UUID(as_uuid=True), info=impersonal("id of a request or registration")
    )
    use: Mapped[str] = mapped_column(Text, info=impersonal("word from a closed list"))
    media: Mapped[str] = mapped_column(Text, info=impersonal("kind of a file"))
    content_sealed: Mapped[bytes] = mapped_column(
        LargeBinary,
        info=personal(
            "user.government_id",
            purpose=Purpose.IDENTIFICATION,
            basis=LegalBasis.LEGITIMATE_INTEREST,
            retention=Retention.DECISION,
            subjects=Subjects.CUSTOMERS_OF_CUSTOMERS,
        ),
    )
    given_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), info=impersonal("when a document was given")
    )
    given_by: Mapped[uuid.UUID | None] = mapped_column(
        UUID(as_uuid=True),
        info=personal(
            "user.unique_id",
            purpose=Purpose.IDENTIFICATION,
            basis=LegalBasis.LEGITIMATE_INTEREST,
            retention=Retention.DECISION,
            subjects=Subjects.CUSTOMERS,
        ),
    )


CONTENT = sealed_text("identity document", "identity_documents", "content_sealed")
