"""Keys of marketplaces. They belong to the installation."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, Integer, LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from privacy.core.db.base import Base, TenantOwned
from privacy.core.db.declarations import impersonal
from privacy.vault.labels import Scope
from privacy.vault.reseals import SealedColumn, register
from tenants.columns import moment, moment_or_none, row_id


class MarketplaceKey(TenantOwned, Base):
    """One key: everything but the key.

    Where changes are announced to the marketplace, they carry the same key; then, and only then,
    the key itself is kept, sealed.
    """

    __tablename__ = "marketplace_keys"
    __table_args__ = (
        UniqueConstraint("tenant_id", "digest"),
        CheckConstraint("(callback_url IS NULL) = (callback_key_sealed IS NULL)", name="callback"),
    )

    id: Mapped[uuid.UUID] = row_id()
    digest: Mapped[bytes] = mapped_column(LargeBinary, info=impersonal("digest of a random key"))
    hint: Mapped[str] = mapped_column(Text, info=impersonal("four characters of a random key"))
    name: Mapped[str] = mapped_column(Text, info=impersonal("name of a marketplace"))
    callback_url: Mapped[str | None] = mapped_column(
        Text, info=impersonal("address of a marketplace's interface")
    )
    callback_key_sealed: Mapped[bytes | None] = mapped_column(
        LargeBinary, info=impersonal("random key, sealed")
    )
    callback_version: Mapped[int] = mapped_column(
        Integer, default=0, server_default="0", info=impersonal("counter")
    )
    created_at: Mapped[datetime] = moment("a key was made")
    last_used_at: Mapped[datetime | None] = moment_or_none("a key was last used, to the minute")
    revoked_at: Mapped[datetime | None] = moment_or_none("a key was closed")


register(
    SealedColumn(
        "marketplace_keys",
        "callback_key_sealed",
        Scope.CREDENTIALS,
        "marketplace key",
        version_column="callback_version",
    )
)
