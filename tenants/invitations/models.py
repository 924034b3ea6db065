"""Invitations, as the inviting tenant knows them."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from privacy.core.db.base import Base, TenantOwned
from privacy.core.db.declarations import impersonal
from tenants.columns import moment, moment_or_none, reference, row_id
from tenants.holdings import EMAIL, PERSON

STATES = ("pending", "accepted", "void")


class Invitation(TenantOwned, Base):
    """A role that waits for a person. Its state decides once whether it becomes a membership."""

    __tablename__ = "invitations"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        Index(
            "uq_invitations_pending",
            "tenant_id",
            "email_digest",
            unique=True,
            postgresql_where="state = 'pending'",
        ),
    )

    id: Mapped[uuid.UUID] = row_id()
    email_digest: Mapped[bytes] = mapped_column(LargeBinary, info=EMAIL)
    email_sealed: Mapped[bytes] = mapped_column(LargeBinary, info=EMAIL)
    role: Mapped[str] = mapped_column(Text, info=impersonal("name of a role"))
    state: Mapped[str] = mapped_column(Text, info=impersonal("state of an invitation"))
    invited_by: Mapped[uuid.UUID | None] = reference(PERSON)
    created_at: Mapped[datetime] = moment("an invitation was made")
    expires_at: Mapped[datetime] = moment("an invitation ends")
    settled_at: Mapped[datetime | None] = moment_or_none("an invitation was answered")
