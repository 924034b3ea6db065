"""API keys: what a tenant knows of each, and the directory that finds the tenant."""

import uuid
from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from privacy.core.db.base import Base, TenantOwned
from privacy.core.db.declarations import impersonal
from tenants.columns import moment, moment_or_none, reference, row_id
from tenants.holdings import NAME, NETWORK, PERSON

MODES = ("live", "test")


class ApiKey(TenantOwned, Base):
    """One key: everything but the key."""

    __tablename__ = "api_keys"
    __table_args__ = (
        UniqueConstraint("tenant_id", "digest"),
        CheckConstraint(f"mode IN {MODES}", name="mode"),
    )

    id: Mapped[uuid.UUID] = row_id()
    digest: Mapped[bytes] = mapped_column(LargeBinary, info=impersonal("digest of a random key"))
    hint: Mapped[str] = mapped_column(Text, info=impersonal("four characters of a random key"))
    name_sealed: Mapped[bytes] = mapped_column(LargeBinary, info=NAME)
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text), info=impersonal("permissions"))
    mode: Mapped[str] = mapped_column(Text, info=impersonal("word from a closed list"))
    networks: Mapped[list[str]] = mapped_column(ARRAY(Text), info=NETWORK)
    created_by: Mapped[uuid.UUID | None] = reference(PERSON)
    created_at: Mapped[datetime] = moment("a key was made")
    expires_at: Mapped[datetime | None] = moment_or_none("a key ends")
    last_used_at: Mapped[datetime | None] = moment_or_none("a key was last used, to the minute")
    revoked_at: Mapped[datetime | None] = moment_or_none("a key was closed")
    replaced_by: Mapped[uuid.UUID | None] = reference()
    overlap_until: Mapped[datetime | None] = moment_or_none("a replaced key ends")


class ApiKeyListing(TenantOwned, Base):
    """Which tenant a key belongs to; visible to whoever has the key, and to the tenant."""

    __tablename__ = "api_key_directory"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "key_id"], ["api_keys.tenant_id", "api_keys.id"], ondelete="CASCADE"
        ),
        Index("ix_api_key_directory_digest", "digest"),
    )

    digest: Mapped[bytes] = mapped_column(
        LargeBinary, primary_key=True, info=impersonal("digest of a random key")
    )
    key_id: Mapped[uuid.UUID] = reference()
