"""What is known of the connection to a system that is asked: its health, and a new credential."""

import uuid
from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    Date,
    DateTime,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    SmallInteger,
    Text,
)
from sqlalchemy.dialects.postgresql import UUID
from sqlalchemy.orm import Mapped, mapped_column

from privacy.core.db.base import Base, TenantOwned
from privacy.core.db.declarations import impersonal
from privacy.ledger.rollbacks import Versioned, register
from privacy.vault.labels import Scope
from privacy.vault.reseals import SealedColumn
from privacy.vault.reseals import register as register_sealed

_WHEN = "a moment in the life of a connection"


class AccountConnection(TenantOwned, Base):
    """Beside an account that is asked, one row. `failure_text` is our own constant words.

    `doubts` counts days (`doubted_on` the last of them) on which a refusal may have been about
    the credential. `generation` counts credentials that work, over rotations and renewals.
    """

    __tablename__ = "account_connections"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "account_id"], ["connector_accounts.tenant_id", "connector_accounts.id"]
        ),
        CheckConstraint(
            "failure_kind IN ('configuration', 'transient', 'system')", name="failure_kind"
        ),
    )

    account_id: Mapped[uuid.UUID] = mapped_column(
        UUID(as_uuid=True), primary_key=True, info=impersonal("random id")
    )
    display_name: Mapped[str] = mapped_column(
        Text, server_default="", default="", info=impersonal("the outside company's own name")
    )
    pending_sealed: Mapped[bytes | None] = mapped_column(
        LargeBinary, info=impersonal("secret of a system, sealed")
    )
    pending_version: Mapped[int] = mapped_column(
        Integer, server_default="0", default=0, info=impersonal("counter")
    )
    failure_code: Mapped[str | None] = mapped_column(Text, info=impersonal("a code"))
    failure_kind: Mapped[str | None] = mapped_column(Text, info=impersonal("who can mend it"))
    failure_text: Mapped[str | None] = mapped_column(
        Text, info=impersonal("our own constant words about a failure")
    )
    failing_since: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), info=impersonal(_WHEN)
    )
    failures: Mapped[int] = mapped_column(
        Integer, server_default="0", default=0, info=impersonal("counter")
    )
    doubts: Mapped[int] = mapped_column(
        SmallInteger, server_default="0", default=0, info=impersonal("counter")
    )
    doubted_on: Mapped[date | None] = mapped_column(Date, info=impersonal(_WHEN))
    not_before: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), info=impersonal(_WHEN)
    )
    checked_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), info=impersonal(_WHEN)
    )
    tried_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), info=impersonal(_WHEN)
    )
    requests_per_minute: Mapped[int] = mapped_column(
        Integer, server_default="60", default=60, info=impersonal("how often a system is asked")
    )


PENDING_VERSION = register(Versioned("account_connections", "pending_version", "account_id"))

register_sealed(
    SealedColumn(
        "account_connections",
        "pending_sealed",
        Scope.CREDENTIALS,
        "credential",
        id_column="account_id",
        version_column="pending_version",
    )
)
