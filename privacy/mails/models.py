"""Mails at rest: sealed, for seven days at most, without their text once they are sent."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, Index, LargeBinary, SmallInteger, Text
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
from privacy.mails.kinds import MailState
from privacy.vault.labels import Scope
from privacy.vault.reseals import SealedColumn, register

_ADDRESS = personal(
    "user.contact.email",
    purpose=Purpose.ACCOUNTS,
    basis=LegalBasis.CONTRACT,
    retention=Retention.MAILS,
    subjects=Subjects.CUSTOMERS,
)
_CONTENT = personal(
    "user.account",
    purpose=Purpose.ACCOUNTS,
    basis=LegalBasis.CONTRACT,
    retention=Retention.MAILS,
    subjects=Subjects.CUSTOMERS,
)
_STATES = tuple(state.value for state in MailState)


class Mail(TenantOwned, Base):
    """One mail to one address."""

    __tablename__ = "mails"
    __table_args__ = (
        CheckConstraint(f"state IN {_STATES}", name="state"),
        Index("ix_mails_tenant_id_expires_at", "tenant_id", "expires_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(
        UUID(as_uuid=True), primary_key=True, info=impersonal("random id")
    )
    kind: Mapped[str] = mapped_column(Text, info=impersonal("name of a template"))
    state: Mapped[str] = mapped_column(Text, info=impersonal("word from a closed list"))
    to_sealed: Mapped[bytes] = mapped_column(LargeBinary, info=_ADDRESS)
    subject_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info=_CONTENT)
    body_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info=_CONTENT)
    reply_to_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info=_ADDRESS)
    attempts: Mapped[int] = mapped_column(
        SmallInteger, default=0, server_default="0", info=impersonal("counter")
    )
    failure_code: Mapped[str | None] = mapped_column(
        Text, info=impersonal("error code from a closed list")
    )
    created_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), info=impersonal("when a mail was written")
    )
    sent_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), info=impersonal("when a mail server took it")
    )
    expires_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), info=impersonal("when the row is destroyed")
    )


for _column in ("to_sealed", "subject_sealed", "body_sealed", "reply_to_sealed"):
    register(SealedColumn("mails", _column, Scope.MAILS, "mail"))
