"""Who belongs to which tenant: the tenant's word, and the installation's mirror of it."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Text
from sqlalchemy.orm import Mapped, mapped_column

from privacy.core.db.base import Base, TenantOwned
from privacy.core.db.declarations import impersonal
from privacy.core.db.tenancy import INSTALLATION_ID
from tenants.columns import moment, reference
from tenants.holdings import PERSON


class Membership(TenantOwned, Base):
    """A person's role in a tenant. This row alone decides."""

    __tablename__ = "memberships"
    __table_args__ = (
        CheckConstraint(
            "role IN ('owner', 'admin', 'agent', 'auditor') "
            f"AND tenant_id <> '{INSTALLATION_ID}' "
            f"OR role = 'operator' AND tenant_id = '{INSTALLATION_ID}'",
            name="role",
        ),
    )

    user_id: Mapped[uuid.UUID] = reference(PERSON, key=True)
    role: Mapped[str] = mapped_column(Text, info=impersonal("name of a role"))
    created_at: Mapped[datetime] = moment("a membership began")


class UserTenant(TenantOwned, Base):
    """Where to look for a user's memberships: a hint, owned by the installation.

    Written before the membership and removed after it, so a crash in between leaves a hint
    too many, never one too few. With `invitation_id`, the next sign-in finishes the job.
    """

    __tablename__ = "user_tenants"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "user_id"], ["users.tenant_id", "users.id"], ondelete="CASCADE"
        ),
    )

    user_id: Mapped[uuid.UUID] = reference(PERSON, key=True)
    member_tenant_id: Mapped[uuid.UUID] = reference(
        impersonal("names a tenant, which is an organisation"), key=True
    )
    invitation_id: Mapped[uuid.UUID | None] = reference()
    created_at: Mapped[datetime] = moment("a membership began")
