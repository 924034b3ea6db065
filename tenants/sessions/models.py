"""Sign-in sessions. They hold no network address; see `usages` for the register."""

import uuid
from datetime import datetime

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from privacy.core.db.base import Base, TenantOwned
from privacy.core.db.declarations import impersonal
from tenants.columns import moment, moment_or_none, reference, row_id
from tenants.holdings import CREDENTIAL, SESSION_DEVICE, SESSION_OF

STAGES = ("password", "full")


class SignInSession(TenantOwned, Base):
    """One sign-in. An ended session keeps its row until its 30 days are over, and no token."""

    __tablename__ = "sign_in_sessions"
    __table_args__ = (
        UniqueConstraint("tenant_id", "token_digest"),
        CheckConstraint(f"stage IN {STAGES}", name="stage"),
        CheckConstraint("(ended_at IS NULL) = (token_digest IS NOT NULL)", name="ended"),
        ForeignKeyConstraint(
            ["tenant_id", "user_id"], ["users.tenant_id", "users.id"], ondelete="CASCADE"
        ),
        Index("ix_sign_in_sessions_user", "tenant_id", "user_id"),
    )

    id: Mapped[uuid.UUID] = row_id()
    token_digest: Mapped[bytes | None] = mapped_column(LargeBinary, info=CREDENTIAL)
    user_id: Mapped[uuid.UUID] = reference(SESSION_OF)
    stage: Mapped[str] = mapped_column(Text, info=impersonal("state of a sign-in"))
    second_factor: Mapped[bool] = mapped_column(Boolean, info=impersonal("state of a sign-in"))
    active_tenant_id: Mapped[uuid.UUID | None] = reference(
        impersonal("names a tenant, which is an organisation")
    )
    device: Mapped[str] = mapped_column(Text, info=SESSION_DEVICE)
    created_at: Mapped[datetime] = moment("a session began")
    seen_at: Mapped[datetime] = moment("a session was last used, to the minute")
    expires_at: Mapped[datetime] = moment("a session ends at the latest")
    reauthenticated_at: Mapped[datetime | None] = moment_or_none("identity was last proved")
    ended_at: Mapped[datetime | None] = moment_or_none("a session was closed")
