"""A user: one person, however many tenants. Owned by the installation."""

import uuid
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from privacy.core.db.base import Base, TenantOwned
from privacy.core.db.declarations import impersonal
from privacy.ledger.rollbacks import Versioned, register
from tenants.columns import moment, moment_or_none, row_id
from tenants.holdings import CREDENTIAL, EMAIL, LANGUAGE, NAME

STATES = ("active", "disabled")


class User(TenantOwned, Base):
    """Name, address and credentials, each sealed on its own and bound to its version.

    `password_sealed` None: no password opens this account until a new one is set by mail.
    The versions are part of what a ciphertext means, so an older one put back does not open.
    """

    __tablename__ = "users"
    __table_args__ = (
        UniqueConstraint("tenant_id", "email_digest"),
        CheckConstraint(f"state IN {STATES}", name="state"),
    )

    id: Mapped[uuid.UUID] = row_id()
    email_digest: Mapped[bytes] = mapped_column(LargeBinary, info=EMAIL)
    email_sealed: Mapped[bytes] = mapped_column(LargeBinary, info=EMAIL)
    name_sealed: Mapped[bytes] = mapped_column(LargeBinary, info=NAME)
    identity_version: Mapped[int] = mapped_column(
        Integer, default=1, server_default="1", info=impersonal("counter")
    )
    password_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info=CREDENTIAL)
    password_version: Mapped[int] = mapped_column(
        Integer, default=0, server_default="0", info=impersonal("counter")
    )
    password_changed_at: Mapped[datetime | None] = moment_or_none("a password was set")
    must_change_password: Mapped[bool] = mapped_column(
        Boolean, default=False, server_default="false", info=impersonal("a state")
    )
    totp_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info=CREDENTIAL)
    totp_pending_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info=CREDENTIAL)
    totp_version: Mapped[int] = mapped_column(
        Integer, default=0, server_default="0", info=impersonal("counter")
    )
    totp_last_step: Mapped[int] = mapped_column(
        BigInteger, default=0, server_default="0", info=impersonal("number of a 30-second step")
    )
    totp_confirmed_at: Mapped[datetime | None] = moment_or_none("a second factor was confirmed")
    state: Mapped[str] = mapped_column(
        Text, default="active", server_default="active", info=impersonal("state of an account")
    )
    language: Mapped[str] = mapped_column(Text, default="en", server_default="en", info=LANGUAGE)
    created_at: Mapped[datetime] = moment("an account was made")


IDENTITY_VERSION = register(Versioned("users", "identity_version"))
PASSWORD_VERSION = register(Versioned("users", "password_version"))
TOTP_VERSION = register(Versioned("users", "totp_version"))
"""Each new version is witnessed in the ledger, so that a whole row put back is found."""
