"""Objections: who objects to what, how that arrived, who wrote it down, and whether it ended."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, ForeignKeyConstraint, Index, LargeBinary, Text
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
from privacy.profiles.parts import Objection, ObjectionChannel

_OBJECTIONS = ", ".join(f"'{one}'" for one in Objection)
_CHANNELS = ", ".join(f"'{one}'" for one in ObjectionChannel)
_RANDOM = impersonal("random id")
_WORD = impersonal("word from a closed list")
_WHEN = impersonal("a moment in the life of an objection")
_PERSON = personal(
    "user.privacy_preferences",
    purpose=Purpose.SECURITY,
    basis=LegalBasis.OBLIGATION,
    retention=Retention.OBJECTIONS,
    subjects=Subjects.CUSTOMERS_OF_CUSTOMERS,
)
_RECORDER = personal(
    "user.unique_id",
    purpose=Purpose.SECURITY,
    basis=LegalBasis.OBLIGATION,
    retention=Retention.OBJECTIONS,
    subjects=Subjects.CUSTOMERS,
)


class ObjectionEntry(TenantOwned, Base):
    """One person's objection to one purpose."""

    __tablename__ = "objections"
    __table_args__ = (
        CheckConstraint(f"objection IN ({_OBJECTIONS})", name="objection"),
        CheckConstraint(f"channel IN ({_CHANNELS})", name="channel"),
        CheckConstraint(f"ended_channel IN ({_CHANNELS})", name="ended_channel"),
    )

    id: Mapped[uuid.UUID] = mapped_column(UUID(as_uuid=True), primary_key=True, info=_RANDOM)
    objection: Mapped[str] = mapped_column(Text, info=_WORD)
    channel: Mapped[str] = mapped_column(Text, info=_WORD)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), info=_WHEN)
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), info=_WHEN)
    recorded_by: Mapped[uuid.UUID | None] = mapped_column(UUID(as_uuid=True), info=_RECORDER)
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), info=_WHEN)
    ended_channel: Mapped[str | None] = mapped_column(Text, info=_WORD)
    ended_by: Mapped[uuid.UUID | None] = mapped_column(UUID(as_uuid=True), info=_RECORDER)
    person_sealed: Mapped[bytes] = mapped_column(LargeBinary, info=_PERSON)


class ObjectionToken(TenantOwned, Base):
    """What an objection is found by."""

    __tablename__ = "objection_tokens"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "objection_id"],
            ["objections.tenant_id", "objections.id"],
            ondelete="CASCADE",
        ),
        Index("ix_objection_tokens_tenant_id_objection_id", "tenant_id", "objection_id"),
    )

    token: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True, info=_PERSON)
    objection_id: Mapped[uuid.UUID] = mapped_column(
        UUID(as_uuid=True), primary_key=True, info=_RANDOM
    )


PERSON = sealed_text("objecting person", "objections", "person_sealed")
