"""Rows of inquiries: who asked and what was said is sealed; what stands beside it names nobody."""

import uuid
from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import UUID
from sqlalchemy.orm import Mapped, mapped_column

from connector.inquiries.channels import Channel
from connector.inquiries.holdings import AUTHOR, CONTACT, DEVICE, EMAIL, NUMBER, SAID
from connector.inquiries.states import InquiryState
from privacy.core.db.base import Base, TenantOwned
from privacy.core.db.declarations import impersonal
from privacy.vault.labels import Scope
from privacy.vault.reseals import SealedColumn, register
from tenants.columns import moment, moment_or_none, reference, row_id

_STATES = ", ".join(f"'{state}'" for state in InquiryState)
_CHANNELS = ", ".join(f"'{channel}'" for channel in Channel)
WAYS = ("in", "out", "note", "other")
"""From the person, to the person, among the tenant's people, and from somebody else's address."""


class Inquiry(TenantOwned, Base):
    """One thread. `ends_on` is the first day on which nothing of it is left (promise B2)."""

    __tablename__ = "inquiries"
    __table_args__ = (
        UniqueConstraint("tenant_id", "reference"),
        CheckConstraint(f"state IN ({_STATES})", name="state"),
        CheckConstraint(f"channel IN ({_CHANNELS})", name="channel"),
        CheckConstraint(
            "channel <> 'unofficial' OR (channel_name IS NOT NULL AND consent_at IS NOT NULL)",
            name="unofficial",
        ),
        Index("ix_inquiries_tenant_id_last_message_at", "tenant_id", "last_message_at", "id"),
        Index("ix_inquiries_tenant_id_email_digest", "tenant_id", "email_digest"),
        Index("ix_inquiries_tenant_id_telephone_digest", "tenant_id", "telephone_digest"),
        Index("ix_inquiries_tenant_id_ends_on", "tenant_id", "ends_on"),
        Index("ix_inquiries_tenant_id_ask_digest", "tenant_id", "ask_digest"),
    )

    id: Mapped[uuid.UUID] = row_id()
    service: Mapped[str] = mapped_column(Text, info=impersonal("key of a service"))
    form_id: Mapped[uuid.UUID | None] = reference()
    channel: Mapped[str] = mapped_column(Text, info=impersonal("word from a closed list"))
    channel_name: Mapped[str | None] = mapped_column(
        Text, info=impersonal("word from a closed list")
    )
    state: Mapped[str] = mapped_column(Text, info=impersonal("word from a closed list"))
    reference: Mapped[str] = mapped_column(Text, info=impersonal("random, for mails to name it by"))
    notice: Mapped[str | None] = mapped_column(
        Text, info=impersonal("version of the privacy notice that was shown")
    )
    contact_sealed: Mapped[bytes] = mapped_column(LargeBinary, info=CONTACT)
    email_digest: Mapped[bytes | None] = mapped_column(LargeBinary, info=EMAIL)
    telephone_digest: Mapped[bytes | None] = mapped_column(LargeBinary, info=NUMBER)
    consent_at: Mapped[datetime | None] = moment_or_none("an unofficial channel was agreed to")
    opened_at: Mapped[datetime] = moment("a thread began")
    last_message_at: Mapped[datetime] = moment("the last message of a thread came or went")
    ends_on: Mapped[date] = mapped_column(
        Date, info=impersonal("first day on which a thread is gone")
    )
    asked_at: Mapped[datetime | None] = moment_or_none("somebody was asked for longer")
    ask_digest: Mapped[bytes | None] = mapped_column(
        LargeBinary, info=impersonal("digest of a random token in a mail")
    )
    longer_since: Mapped[datetime | None] = moment_or_none("contact data alone was kept")


class InquiryMessage(TenantOwned, Base):
    """One message of a thread, written once."""

    __tablename__ = "inquiry_messages"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "inquiry_id"], ["inquiries.tenant_id", "inquiries.id"], ondelete="CASCADE"
        ),
        CheckConstraint(f"way IN {WAYS}", name="way"),
        Index("ix_inquiry_messages_tenant_id_inquiry_id", "tenant_id", "inquiry_id"),
        Index("ix_inquiry_messages_tenant_id_sender_digest", "tenant_id", "sender_digest"),
    )

    id: Mapped[uuid.UUID] = row_id()
    inquiry_id: Mapped[uuid.UUID] = reference()
    way: Mapped[str] = mapped_column(Text, info=impersonal("word from a closed list"))
    author_id: Mapped[uuid.UUID | None] = reference(AUTHOR)
    mail_id: Mapped[uuid.UUID | None] = reference()
    sender_digest: Mapped[bytes | None] = mapped_column(LargeBinary, info=EMAIL)
    text_sealed: Mapped[bytes] = mapped_column(LargeBinary, info=SAID)
    at: Mapped[datetime] = moment("a message came or went")


class InquiryLog(TenantOwned, Base):
    """The technical log of one web inquiry (promise A4), sealed under its day's key."""

    __tablename__ = "inquiry_logs"
    __table_args__ = (
        Index("ix_inquiry_logs_tenant_id_inquiry_id", "tenant_id", "inquiry_id"),
        {"postgresql_partition_by": "LIST (day)"},
    )

    day: Mapped[date] = mapped_column(
        Date, primary_key=True, sort_order=-9, info=impersonal("a day on which inquiries came")
    )
    id: Mapped[uuid.UUID] = mapped_column(
        UUID(as_uuid=True), primary_key=True, sort_order=-8, info=impersonal("random id")
    )
    inquiry_id: Mapped[uuid.UUID] = reference()
    sealed: Mapped[bytes] = mapped_column(LargeBinary, info=DEVICE)


register(SealedColumn("inquiries", "contact_sealed", Scope.INQUIRIES, "inquiry contact"))
register(SealedColumn("inquiry_messages", "text_sealed", Scope.INQUIRIES, "inquiry message"))
