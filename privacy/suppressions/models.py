"""The suppression list: tokens, purposes, and nothing that names anybody."""

from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, LargeBinary, Text
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
from privacy.profiles.parts import Objection
from privacy.suppressions.causes import Cause

_OBJECTIONS = ", ".join(f"'{one}'" for one in Objection)
_CAUSES = ", ".join(f"'{one}'" for one in Cause)


class Suppression(TenantOwned, Base):
    """One purpose for which one identity is not to be used. It stays when the person is erased."""

    __tablename__ = "suppressions"
    __table_args__ = (
        CheckConstraint(f"objection IN ({_OBJECTIONS})", name="objection"),
        CheckConstraint(f"cause IN ({_CAUSES})", name="cause"),
    )

    token: Mapped[bytes] = mapped_column(
        LargeBinary,
        primary_key=True,
        info=personal(
            "user.privacy_preferences",
            purpose=Purpose.SECURITY,
            basis=LegalBasis.OBLIGATION,
            retention=Retention.OBJECTIONS,
            subjects=Subjects.CUSTOMERS_OF_CUSTOMERS,
        ),
    )
    objection: Mapped[str] = mapped_column(
        Text, primary_key=True, info=impersonal("word from a closed list")
    )
    cause: Mapped[str] = mapped_column(
        Text, primary_key=True, info=impersonal("word from a closed list")
    )
    created_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), info=impersonal("when an entry was made")
    )
