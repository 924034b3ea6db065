"""What tenants promise beyond the services' profiles."""

import uuid
from datetime import datetime

from sqlalchemy import DateTime, Text
from sqlalchemy.dialects.postgresql import UUID
from sqlalchemy.orm import Mapped, mapped_column

from privacy.core.db.base import Base, TenantOwned
from privacy.core.db.declarations import (
    LegalBasis,
    Purpose,
    Retention,
    Subjects,
    impersonal,
    personal,
)


class ProfileChange(TenantOwned, Base):
    """One service's, as the tenant changed it. The second factor and the days of calls stand in
    the tenant's own row, where each request reads them anyway."""

    __tablename__ = "profile_changes"

    service: Mapped[str] = mapped_column(
        Text, primary_key=True, info=impersonal("key of a service")
    )
    changes: Mapped[str] = mapped_column(Text, info=impersonal("a policy, as JSON"))
    changed_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), info=impersonal("when a policy was changed")
    )
    changed_by: Mapped[uuid.UUID | None] = mapped_column(
        UUID(as_uuid=True),
        info=personal(
            "user.unique_id",
            purpose=Purpose.DOCUMENTATION,
            basis=LegalBasis.LEGITIMATE_INTEREST,
            retention=Retention.SUBSCRIPTION,
            subjects=Subjects.CUSTOMERS,
        ),
    )
