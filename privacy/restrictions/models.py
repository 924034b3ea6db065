"""Restrictions: whose, since when, why; when the person was told of the end, and when it ended."""

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
from privacy.identities.people import sealed_text
from privacy.restrictions.words import RestrictionGround
from privacy.vault.labels import Scope
from privacy.vault.reseals import SealedColumn, register

_GROUNDS = ", ".join(f"'{one}'" for one in RestrictionGround)
_RANDOM = impersonal("random id")
_WHEN = impersonal("a moment in the life of a restriction")
_PERSON = personal(
    "user.contact",
    purpose=Purpose.SECURITY,
    basis=LegalBasis.OBLIGATION,
    retention=Retention.REQUESTS,
    subjects=Subjects.CUSTOMERS_OF_CUSTOMERS,
)
_AGENT = personal(
    "user.unique_id",
    purpose=Purpose.SECURITY,
    basis=LegalBasis.OBLIGATION,
    retention=Retention.REQUESTS,
    subjects=Subjects.CUSTOMERS,
)


class Restriction(TenantOwned, Base):
    """One person's. It ends with the evidence of the request that it was made for."""

    __tablename__ = "restrictions"
    __table_args__ = (
        CheckConstraint(f"ground IN ({_GROUNDS})", name="ground"),
        ForeignKeyConstraint(
            ["tenant_id", "request_id"],
            ["subject_requests.tenant_id", "subject_requests.id"],
            ondelete="CASCADE",
        ),
        Index("ix_restrictions_tenant_id_lifted_at", "tenant_id", "lifted_at"),
        Index("ix_restrictions_tenant_id_request_id", "tenant_id", "request_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(UUID(as_uuid=True), primary_key=True, info=_RANDOM)
    request_id: Mapped[uuid.UUID] = mapped_column(UUID(as_uuid=True), info=_RANDOM)
    ground: Mapped[str] = mapped_column(Text, info=impersonal("word from a closed list"))
    person_sealed: Mapped[bytes] = mapped_column(LargeBinary, info=_PERSON)
    trail_sealed: Mapped[bytes] = mapped_column(LargeBinary, info=_PERSON)
    """What leads to rows that name nobody themselves."""
    trail_version: Mapped[int] = mapped_column(Integer, info=impersonal("counter"))
    began_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), info=_WHEN)
    began_by: Mapped[uuid.UUID | None] = mapped_column(UUID(as_uuid=True), info=_AGENT)
    mail_id: Mapped[uuid.UUID | None] = mapped_column(UUID(as_uuid=True), info=_RANDOM)
    """The notice that it is going to end; it ends when that was sent (Art. 18(3))."""
    noticed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), info=_WHEN)
    notice_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info=_PERSON)
    lifted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), info=_WHEN)
    lifted_by: Mapped[uuid.UUID | None] = mapped_column(UUID(as_uuid=True), info=_AGENT)


PERSON = sealed_text("restricted person", "restrictions", "person_sealed")
NOTICE = sealed_text("restriction notice", "restrictions", "notice_sealed")

TRAIL_TYPE = "restriction trail"
register(
    SealedColumn(
        "restrictions",
        "trail_sealed",
        Scope.REGISTERS,
        TRAIL_TYPE,
        version_column="trail_version",
    )
)
