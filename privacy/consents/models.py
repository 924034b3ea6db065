"""Consents: rows that are only ever added. A withdrawal is one more event."""

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
from sqlalchemy.dialects.postgresql import UUID
from sqlalchemy.orm import Mapped, mapped_column

from privacy.consents.purposes import ConsentPurpose
from privacy.consents.shapes import ConsentAct, ConsentChannel
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

_PURPOSES = ", ".join(f"'{one}'" for one in ConsentPurpose)
_CHANNELS = ", ".join(f"'{one}'" for one in ConsentChannel)
_ACTS = ", ".join(f"'{one}'" for one in ConsentAct)
_RANDOM = impersonal("random id")
_WORD = impersonal("word from a closed list")
_WHEN = impersonal("a moment in the life of a consent")
_PERSON = personal(
    "user.privacy_preferences",
    purpose=Purpose.SECURITY,
    basis=LegalBasis.OBLIGATION,
    retention=Retention.CONSENTS,
    subjects=Subjects.CUSTOMERS_OF_CUSTOMERS,
)
_RECORDER = personal(
    "user.unique_id",
    purpose=Purpose.SECURITY,
    basis=LegalBasis.OBLIGATION,
    retention=Retention.CONSENTS,
    subjects=Subjects.CUSTOMERS,
)


class ConsentWording(TenantOwned, Base):
    """Words that somebody agreed to, kept once."""

    __tablename__ = "consent_wordings"

    digest: Mapped[bytes] = mapped_column(
        LargeBinary, primary_key=True, info=impersonal("SHA-256 of words shown to everybody")
    )
    purpose: Mapped[str] = mapped_column(Text, info=_WORD)
    language: Mapped[str] = mapped_column(Text, info=impersonal("language of a text"))
    version: Mapped[str] = mapped_column(Text, info=impersonal("version of a text"))
    text: Mapped[str] = mapped_column(Text, info=impersonal("words shown to everybody"))
    created_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), info=impersonal("when words were first used")
    )


class Consent(TenantOwned, Base):
    """Who agreed to what, in which words."""

    __tablename__ = "consents"
    __table_args__ = (
        CheckConstraint(f"purpose IN ({_PURPOSES})", name="purpose"),
        ForeignKeyConstraint(
            ["tenant_id", "wording_digest"],
            ["consent_wordings.tenant_id", "consent_wordings.digest"],
        ),
        Index("ix_consents_tenant_id_ends_on", "tenant_id", "ends_on"),
    )

    id: Mapped[uuid.UUID] = mapped_column(UUID(as_uuid=True), primary_key=True, info=_RANDOM)
    service: Mapped[str] = mapped_column(Text, info=impersonal("key of a service"))
    purpose: Mapped[str] = mapped_column(Text, info=_WORD)
    wording_digest: Mapped[bytes] = mapped_column(
        LargeBinary, info=impersonal("SHA-256 of words shown to everybody")
    )
    person_sealed: Mapped[bytes] = mapped_column(LargeBinary, info=_PERSON)
    ends_on: Mapped[date | None] = mapped_column(
        Date, info=impersonal("first day on which evidence of an erased person's is gone")
    )


class ConsentToken(TenantOwned, Base):
    """What a consent is found by."""

    __tablename__ = "consent_tokens"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "consent_id"], ["consents.tenant_id", "consents.id"], ondelete="CASCADE"
        ),
        Index("ix_consent_tokens_tenant_id_consent_id", "tenant_id", "consent_id"),
    )

    token: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True, info=_PERSON)
    consent_id: Mapped[uuid.UUID] = mapped_column(
        UUID(as_uuid=True), primary_key=True, info=_RANDOM
    )


class ConsentEvent(TenantOwned, Base):
    """A consent was given, or withdrawn."""

    __tablename__ = "consent_events"
    __table_args__ = (
        CheckConstraint(f"act IN ({_ACTS})", name="act"),
        CheckConstraint(f"channel IN ({_CHANNELS})", name="channel"),
        ForeignKeyConstraint(
            ["tenant_id", "consent_id"], ["consents.tenant_id", "consents.id"], ondelete="CASCADE"
        ),
        Index("ix_consent_events_tenant_id_consent_id", "tenant_id", "consent_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(UUID(as_uuid=True), primary_key=True, info=_RANDOM)
    consent_id: Mapped[uuid.UUID] = mapped_column(UUID(as_uuid=True), info=_RANDOM)
    act: Mapped[str] = mapped_column(Text, info=_WORD)
    channel: Mapped[str] = mapped_column(Text, info=_WORD)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), info=_WHEN)
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), info=_WHEN)
    recorded_by: Mapped[uuid.UUID | None] = mapped_column(UUID(as_uuid=True), info=_RECORDER)
    evidence_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info=_PERSON)


PERSON = sealed_text("consenting person", "consents", "person_sealed")
EVIDENCE = sealed_text("consent evidence", "consent_events", "evidence_sealed")
