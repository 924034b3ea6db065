"""Addresses of ours that somebody may write to, and mails that were taken already."""

import uuid
from datetime import datetime

from sqlalchemy import DateTime, Index, LargeBinary, Text
from sqlalchemy.dialects.postgresql import UUID
from sqlalchemy.orm import Mapped, mapped_column

from privacy.core.db.base import Base, TenantOwned
from privacy.core.db.declarations import impersonal


class MailAddress(TenantOwned, Base):
    """Directory row: finds whose mail it is before a tenant is known.

    `digest`: of the unguessable part of an address that was made for one matter, or of the id of
    a mail of ours that may be replied to.
    """

    __tablename__ = "mail_addresses"
    __table_args__ = (
        Index("ix_mail_addresses_digest", "digest"),
        Index("ix_mail_addresses_tenant_id_about", "tenant_id", "about"),
    )

    digest: Mapped[bytes] = mapped_column(
        LargeBinary, primary_key=True, info=impersonal("SHA-256 of a keyed or random word of ours")
    )
    purpose: Mapped[str] = mapped_column(Text, info=impersonal("word from a closed list"))
    about: Mapped[uuid.UUID] = mapped_column(UUID(as_uuid=True), info=impersonal("random id"))
    created_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), info=impersonal("when an address was first given out")
    )


class TakenMail(TenantOwned, Base):
    """A mail that was taken: what else the server still holds of it is only to be removed."""

    __tablename__ = "taken_mails"
    __table_args__ = (Index("ix_taken_mails_tenant_id_taken_at", "tenant_id", "taken_at"),)

    digest: Mapped[bytes] = mapped_column(
        LargeBinary, primary_key=True, info=impersonal("keyed digest of a mail")
    )
    purpose: Mapped[str] = mapped_column(Text, info=impersonal("word from a closed list"))
    outcome: Mapped[str] = mapped_column(Text, info=impersonal("word from a closed list"))
    taken_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), info=impersonal("when a mail was taken")
    )
