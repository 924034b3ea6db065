"""Connector accounts: what a tenant has connected, and how it is known from outside."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, UUID
from sqlalchemy.orm import Mapped, mapped_column

from connector.accounts.states import AccountState
from privacy.core.db.base import Base, TenantOwned
from privacy.core.db.declarations import impersonal
from privacy.ledger.rollbacks import Versioned, register
from privacy.vault.labels import Scope
from privacy.vault.reseals import SealedColumn
from privacy.vault.reseals import register as register_sealed

_STATES = ", ".join(f"'{state}'" for state in AccountState)
_WHEN = "a moment in the life of a connection"


class ConnectorAccount(TenantOwned, Base):
    """One connected system. Credentials are write-only: sealed, never shown, never exported."""

    __tablename__ = "connector_accounts"
    __table_args__ = (
        CheckConstraint(f"state IN ({_STATES})", name="state"),
        Index(
            "uq_connector_accounts_tenant_id_kind_external_key",
            "tenant_id",
            "kind",
            "external_key",
            unique=True,
            postgresql_where=text("deleted_at IS NULL"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(
        UUID(as_uuid=True), primary_key=True, info=impersonal("random id")
    )
    service: Mapped[str] = mapped_column(Text, info=impersonal("key of a service"))
    kind: Mapped[str] = mapped_column(Text, info=impersonal("kind of exchange"))
    name: Mapped[str] = mapped_column(Text, info=impersonal("what the tenant calls a system"))
    external_key: Mapped[str] = mapped_column(
        Text, info=impersonal("the outside system's own name for the account")
    )
    region: Mapped[str] = mapped_column(Text, info=impersonal("ISO 3166 country of an exchange"))
    time_zone: Mapped[str] = mapped_column(Text, info=impersonal("IANA zone of an exchange"))
    settings: Mapped[dict[str, Any]] = mapped_column(
        JSONB, server_default="{}", info=impersonal("how documents of this account are read")
    )
    state: Mapped[str] = mapped_column(
        Text, default="draft", server_default="draft", info=impersonal("state of a connection")
    )
    state_reason: Mapped[str | None] = mapped_column(Text, info=impersonal("a code"))
    state_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), info=impersonal(_WHEN))
    disabled_by: Mapped[str | None] = mapped_column(
        Text, info=impersonal("which side paused it: tenant, operator or system")
    )
    credential_sealed: Mapped[bytes | None] = mapped_column(
        LargeBinary, info=impersonal("secret of a system, sealed")
    )
    credential_version: Mapped[int] = mapped_column(
        Integer, default=0, server_default="0", info=impersonal("counter")
    )
    last_received_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), info=impersonal(_WHEN)
    )
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), info=impersonal(_WHEN))
    deleted_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), info=impersonal(_WHEN)
    )


class AccountIntake(TenantOwned, Base):
    """Beside an account that posts and was refused: how often in a row, and since when."""

    __tablename__ = "account_intakes"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "account_id"], ["connector_accounts.tenant_id", "connector_accounts.id"]
        ),
    )

    account_id: Mapped[uuid.UUID] = mapped_column(
        UUID(as_uuid=True), primary_key=True, info=impersonal("random id")
    )
    refused: Mapped[int] = mapped_column(Integer, info=impersonal("counter"))
    refused_since: Mapped[datetime] = mapped_column(DateTime(timezone=True), info=impersonal(_WHEN))


class AccountSecret(TenantOwned, Base):
    """Directory row: the digest of a secret path finds its account before a tenant is known."""

    __tablename__ = "account_secrets"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "account_id"], ["connector_accounts.tenant_id", "connector_accounts.id"]
        ),
        UniqueConstraint("tenant_id", "account_id", "generation"),
        Index("ix_account_secrets_digest", "digest"),
    )

    digest: Mapped[bytes] = mapped_column(
        LargeBinary, primary_key=True, info=impersonal("SHA-256 of a random secret")
    )
    account_id: Mapped[uuid.UUID] = mapped_column(UUID(as_uuid=True), info=impersonal("random id"))
    generation: Mapped[int] = mapped_column(Integer, info=impersonal("counter"))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), info=impersonal(_WHEN))


CREDENTIAL_VERSION = register(Versioned("connector_accounts", "credential_version"))
"""Each new version is witnessed in the ledger, so that a whole row put back is found."""

register_sealed(
    SealedColumn(
        "connector_accounts",
        "credential_sealed",
        Scope.CREDENTIALS,
        "credential",
        version_column="credential_version",
    )
)
