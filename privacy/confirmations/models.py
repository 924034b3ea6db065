"""What waits for a code: a day at most, and sealed. Unconfirmed it has no effect."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, Index, LargeBinary, SmallInteger, Text
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

_WORD = impersonal("word from a closed list")


class Confirmation(TenantOwned, Base):
    """An objection, or the withdrawal of consents, that is not confirmed yet."""

    __tablename__ = "confirmations"
    __table_args__ = (
        CheckConstraint("act IN ('objection', 'withdrawal')", name="act"),
        Index("ix_confirmations_tenant_id_expires_at", "tenant_id", "expires_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(
        UUID(as_uuid=True), primary_key=True, info=impersonal("random id")
    )
    act: Mapped[str] = mapped_column(Text, info=_WORD)
    service: Mapped[str] = mapped_column(Text, info=impersonal("key of a service"))
    language: Mapped[str] = mapped_column(Text, info=impersonal("language of a text"))
    chosen: Mapped[list[str]] = mapped_column(ARRAY(Text), info=_WORD)
    """To what is objected, or which consents are withdrawn."""
    person_sealed: Mapped[bytes] = mapped_column(
        LargeBinary,
        info=personal(
            "user.contact",
            purpose=Purpose.SECURITY,
            basis=LegalBasis.OBLIGATION,
            retention=Retention.REQUEST,
            subjects=Subjects.CUSTOMERS_OF_CUSTOMERS,
        ),
    )
    code_digest: Mapped[bytes] = mapped_column(
        LargeBinary, info=impersonal("keyed digest of a random code")
    )
    tries: Mapped[int] = mapped_column(SmallInteger, info=impersonal("a count"))
    expires_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), info=impersonal("when an unconfirmed word ends")
    )


PERSON = sealed_text("unconfirmed person", "confirmations", "person_sealed")
