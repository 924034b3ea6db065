"""Disclosures: ground, fields and times in the clear; who was told what, and about whom, sealed."""

import uuid
from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    Date,
    DateTime,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    Text,
)
from sqlalchemy.dialects.postgresql import ARRAY, UUID
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
from privacy.profiles.sharing import AuthorityReason, Ground

STATES = ("previewed", "made")
_GROUNDS = ", ".join(f"'{one}'" for one in Ground)
_REASONS = ", ".join(f"'{one}'" for one in AuthorityReason)
_RANDOM = impersonal("random id")
_WORD = impersonal("word from a closed list")
_WHEN = impersonal("a moment in the life of a disclosure")
_PERSON = personal(
    "user",
    purpose=Purpose.SECURITY,
    basis=LegalBasis.OBLIGATION,
    retention=Retention.EVIDENCE,
    subjects=Subjects.CUSTOMERS_OF_CUSTOMERS,
)
_RECORDER = personal(
    "user.unique_id",
    purpose=Purpose.SECURITY,
    basis=LegalBasis.OBLIGATION,
    retention=Retention.EVIDENCE,
    subjects=Subjects.CUSTOMERS,
)


class Disclosure(TenantOwned, Base):
    """One disclosure, or the preview of what a registry would publish."""

    __tablename__ = "disclosures"
    __table_args__ = (
        CheckConstraint(f"ground IN ({_GROUNDS})", name="ground"),
        CheckConstraint(f"reason IN ({_REASONS})", name="reason"),
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint("cardinality(fields) > 0", name="fields"),
        CheckConstraint("(state = 'made') = (at IS NOT NULL)", name="made"),
        Index("ix_disclosures_tenant_id_ends_on", "tenant_id", "ends_on"),
    )

    id: Mapped[uuid.UUID] = mapped_column(UUID(as_uuid=True), primary_key=True, info=_RANDOM)
    service: Mapped[str] = mapped_column(Text, info=impersonal("key of a service"))
    ground: Mapped[str] = mapped_column(Text, info=_WORD)
    reason: Mapped[str | None] = mapped_column(Text, info=_WORD)
    state: Mapped[str] = mapped_column(Text, info=_WORD)
    fields: Mapped[list[str]] = mapped_column(
        ARRAY(Text), info=impersonal("names of fields that a profile declares")
    )
    said_sealed: Mapped[bytes] = mapped_column(LargeBinary, info=_PERSON)
    preview_digest: Mapped[bytes | None] = mapped_column(
        LargeBinary, info=impersonal("keyed digest of what was previewed")
    )
    at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), info=_WHEN)
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), info=_WHEN)
    recorded_by: Mapped[uuid.UUID | None] = mapped_column(UUID(as_uuid=True), info=_RECORDER)
    ends_on: Mapped[date] = mapped_column(
        Date, info=impersonal("first day on which an entry is gone")
    )


class DisclosureToken(TenantOwned, Base):
    """What a disclosure is found by, for the person's access and for notices to recipients."""

    __tablename__ = "disclosure_tokens"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "disclosure_id"],
            ["disclosures.tenant_id", "disclosures.id"],
            ondelete="CASCADE",
        ),
        Index("ix_disclosure_tokens_tenant_id_disclosure_id", "tenant_id", "disclosure_id"),
    )

    token: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True, info=_PERSON)
    disclosure_id: Mapped[uuid.UUID] = mapped_column(
        UUID(as_uuid=True), primary_key=True, info=_RANDOM
    )


SAID = sealed_text("disclosure", "disclosures", "said_sealed")
