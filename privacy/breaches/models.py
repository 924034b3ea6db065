"""Rows of breaches. What happened is sealed; what the clocks need stands in the clear."""

import uuid
from datetime import datetime

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
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

ROLES = ("controller", "processor")
RISKS = ("unassessed", "none", "risk", "high")
AUDIENCES = ("nobody", "people", "registrants")
NOTES = ("assessment", "authority", "users", "closed")
_RANDOM = impersonal("random id")
_WORD = impersonal("word from a closed list")


def _when(what: str) -> Mapped[datetime]:
    return mapped_column(DateTime(timezone=True), info=impersonal(f"when {what}"))


def _when_or_never(what: str) -> Mapped[datetime | None]:
    return mapped_column(DateTime(timezone=True), info=impersonal(f"when {what}"))


_TOLD = personal(
    "user",
    purpose=Purpose.SECURITY,
    basis=LegalBasis.OBLIGATION,
    retention=Retention.EVIDENCE,
    subjects=Subjects.CUSTOMERS,
)
_ACTOR = personal(
    "user.unique_id",
    purpose=Purpose.SECURITY,
    basis=LegalBasis.OBLIGATION,
    retention=Retention.EVIDENCE,
    subjects=Subjects.CUSTOMERS,
)


class Breach(TenantOwned, Base):
    """One loss, as far as it concerns this tenant; the installation's own row is of the whole.

    `origin_id`: the installation's breach that this tenant was told of.
    """

    __tablename__ = "breaches"
    __table_args__ = (
        UniqueConstraint("tenant_id", "origin_id"),
        CheckConstraint(f"role IN {ROLES}", name="role"),
        CheckConstraint(f"risk IN {RISKS}", name="risk"),
        CheckConstraint(f"audience IN {AUDIENCES}", name="audience"),
        Index("ix_breaches_tenant_id_discovered_at", "tenant_id", "discovered_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(UUID(as_uuid=True), primary_key=True, info=_RANDOM)
    origin_id: Mapped[uuid.UUID | None] = mapped_column(UUID(as_uuid=True), info=_RANDOM)
    service: Mapped[str] = mapped_column(Text, info=impersonal("key of a service"))
    role: Mapped[str] = mapped_column(Text, info=_WORD)
    risk: Mapped[str] = mapped_column(Text, info=_WORD)
    audience: Mapped[str] = mapped_column(Text, info=_WORD)
    drill: Mapped[bool] = mapped_column(Boolean, info=impersonal("whether it is an exercise"))
    tables: Mapped[list[str]] = mapped_column(ARRAY(Text), info=impersonal("names of tables"))
    tenants: Mapped[list[uuid.UUID]] = mapped_column(
        ARRAY(UUID(as_uuid=True)), info=impersonal("name tenants, which are organisations")
    )
    people: Mapped[int | None] = mapped_column(Integer, info=impersonal("a count of people"))
    what_sealed: Mapped[bytes] = mapped_column(LargeBinary, info=_TOLD)
    discovered_at: Mapped[datetime] = _when("a loss was discovered")
    recorded_at: Mapped[datetime] = _when("a loss was recorded")
    recorded_by: Mapped[uuid.UUID | None] = mapped_column(UUID(as_uuid=True), info=_ACTOR)
    authority_due_at: Mapped[datetime] = _when("the authority must know")
    users_due_at: Mapped[datetime | None] = _when_or_never("the people must know")
    controllers_told_at: Mapped[datetime | None] = _when_or_never("controllers were told")
    authority_told_at: Mapped[datetime | None] = _when_or_never("the authority was told")
    users_asked_at: Mapped[datetime | None] = _when_or_never("somebody had the people told")
    users_told_at: Mapped[datetime | None] = _when_or_never("mails to all people were written")
    reminded_at: Mapped[datetime | None] = _when_or_never("somebody was reminded")
    closed_at: Mapped[datetime | None] = _when_or_never("a loss was settled")


class BreachNote(TenantOwned, Base):
    """What was decided, and why: the documentation of GDPR Art. 33(5). Only ever added to."""

    __tablename__ = "breach_notes"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "breach_id"],
            ["breaches.tenant_id", "breaches.id"],
            ondelete="CASCADE",
        ),
        CheckConstraint(f"kind IN {NOTES}", name="kind"),
        Index("ix_breach_notes_tenant_id_breach_id", "tenant_id", "breach_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(UUID(as_uuid=True), primary_key=True, info=_RANDOM)
    breach_id: Mapped[uuid.UUID] = mapped_column(UUID(as_uuid=True), info=_RANDOM)
    kind: Mapped[str] = mapped_column(Text, info=_WORD)
    text_sealed: Mapped[bytes] = mapped_column(LargeBinary, info=_TOLD)
    at: Mapped[datetime] = _when("it was noted")
    noted_by: Mapped[uuid.UUID | None] = mapped_column(UUID(as_uuid=True), info=_ACTOR)


class BreachTelling(TenantOwned, Base):
    """That a person was written to; so that a second run of the job writes to the rest only."""

    __tablename__ = "breach_tellings"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "breach_id"],
            ["breaches.tenant_id", "breaches.id"],
            ondelete="CASCADE",
        ),
    )

    breach_id: Mapped[uuid.UUID] = mapped_column(UUID(as_uuid=True), primary_key=True, info=_RANDOM)
    person_id: Mapped[uuid.UUID] = mapped_column(UUID(as_uuid=True), primary_key=True, info=_ACTOR)
    at: Mapped[datetime] = _when("a mail was written")


WHAT = sealed_text("breach", "breaches", "what_sealed")
NOTE = sealed_text("breach note", "breach_notes", "text_sealed")
