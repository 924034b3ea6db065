"""Web forms, the directory by which a public key finds one, and challenges that were used up."""

import uuid
from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Text,
)
from sqlalchemy.dialects.postgresql import ARRAY, UUID
from sqlalchemy.orm import Mapped, mapped_column

from connector.inquiries.holdings import ANSWERS_TO
from privacy.core.db.base import Base, TenantOwned
from privacy.core.db.declarations import impersonal
from privacy.vault.labels import Scope
from privacy.vault.reseals import SealedColumn, register
from tenants.columns import moment, moment_or_none, reference, row_id

_WHAT = "a setting of a form, as the tenant's pages show it to everybody"
_OWN = "ids of fields that the tenant declared"
PURPOSES = ("inquiry", "registration")


class WebForm(TenantOwned, Base):
    """One form. Its key is public: it stands in the tenant's pages; it cannot be guessed."""

    __tablename__ = "web_forms"
    __table_args__ = (
        CheckConstraint(f"purpose IN {PURPOSES}", name="purpose"),
        CheckConstraint("channel IN ('form', 'order_form', 'callback')", name="channel"),
    )

    id: Mapped[uuid.UUID] = row_id()
    key: Mapped[str] = mapped_column(Text, info=impersonal("random; public by design"))
    service: Mapped[str] = mapped_column(Text, info=impersonal("key of a service"))
    purpose: Mapped[str] = mapped_column(Text, info=impersonal("word from a closed list"))
    channel: Mapped[str] = mapped_column(Text, info=impersonal("word from a closed list"))
    name: Mapped[str] = mapped_column(Text, info=impersonal("what the tenant calls a form"))
    language: Mapped[str] = mapped_column(Text, info=impersonal(_WHAT))
    origins: Mapped[list[str]] = mapped_column(ARRAY(Text), info=impersonal(_WHAT))
    fields: Mapped[list[str]] = mapped_column(ARRAY(Text), info=impersonal(_WHAT))
    required: Mapped[list[str]] = mapped_column(ARRAY(Text), info=impersonal(_WHAT))
    own_fields: Mapped[list[uuid.UUID]] = mapped_column(
        ARRAY(UUID(as_uuid=True)), server_default="{}", default=list, info=impersonal(_OWN)
    )
    own_required: Mapped[list[uuid.UUID]] = mapped_column(
        ARRAY(UUID(as_uuid=True)), server_default="{}", default=list, info=impersonal(_OWN)
    )
    notice_url: Mapped[str] = mapped_column(Text, info=impersonal(_WHAT))
    conditions_url: Mapped[str | None] = mapped_column(Text, info=impersonal(_WHAT))
    conditions_version: Mapped[str | None] = mapped_column(Text, info=impersonal(_WHAT))
    level_url: Mapped[str | None] = mapped_column(Text, info=impersonal(_WHAT))
    level_version: Mapped[str | None] = mapped_column(Text, info=impersonal(_WHAT))
    version: Mapped[int] = mapped_column(Integer, info=impersonal("counter"))
    answers_to_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info=ANSWERS_TO)
    created_at: Mapped[datetime] = moment("a form was made")
    closed_at: Mapped[datetime | None] = moment_or_none("a form was closed")


class WebFormListing(TenantOwned, Base):
    """Directory row: the digest of a form's key finds its tenant. Payload-free."""

    __tablename__ = "web_form_directory"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "form_id"], ["web_forms.tenant_id", "web_forms.id"]),
        Index("ix_web_form_directory_digest", "digest"),
    )

    digest: Mapped[bytes] = mapped_column(
        LargeBinary, primary_key=True, info=impersonal("SHA-256 of a form's random key")
    )
    form_id: Mapped[uuid.UUID] = reference()


class SpentChallenge(TenantOwned, Base):
    """A challenge that was answered: it opens nothing again."""

    __tablename__ = "spent_challenges"
    __table_args__ = (Index("ix_spent_challenges_tenant_id_expires_at", "tenant_id", "expires_at"),)

    digest: Mapped[bytes] = mapped_column(
        LargeBinary, primary_key=True, info=impersonal("digest of a random challenge")
    )
    expires_at: Mapped[datetime] = moment("a challenge would have ended")


register(
    SealedColumn(
        "web_forms",
        "answers_to_sealed",
        Scope.INQUIRIES,
        "address for answers",
        version_column="version",
    )
)
