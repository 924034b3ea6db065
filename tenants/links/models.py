"""Links that work once: invitations, password resets, changes of address."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from privacy.core.db.base import Base, TenantOwned
from privacy.core.db.declarations import impersonal
from tenants.columns import moment, moment_or_none, reference, row_id
from tenants.holdings import CREDENTIAL, EMAIL, PERSON

PURPOSES = ("invitation", "password_reset", "email_change")


class SingleUseLink(TenantOwned, Base):
    """One link, as the digest of its token; the token itself is in the mail only."""

    __tablename__ = "single_use_links"
    __table_args__ = (
        UniqueConstraint("tenant_id", "digest"),
        CheckConstraint(f"purpose IN {PURPOSES}", name="purpose"),
    )

    id: Mapped[uuid.UUID] = row_id()
    digest: Mapped[bytes] = mapped_column(LargeBinary, info=CREDENTIAL)
    purpose: Mapped[str] = mapped_column(Text, info=impersonal("word from a closed list"))
    user_id: Mapped[uuid.UUID | None] = reference(PERSON)
    member_tenant_id: Mapped[uuid.UUID | None] = reference(
        impersonal("names a tenant, which is an organisation")
    )
    invitation_id: Mapped[uuid.UUID | None] = reference()
    email_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info=EMAIL)
    created_at: Mapped[datetime] = moment("a link was made")
    expires_at: Mapped[datetime] = moment("a link ends")
    used_at: Mapped[datetime | None] = moment_or_none("a link was used or voided")
