"""What a rule found: ids and words, so that nobody is in it."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, Text, UniqueConstraint
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
from tenants.columns import moment, moment_or_none, reference, row_id

RULES = ("bounced", "vat_id", "missing", "idle")
DECISIONS = ("erased", "supplemented", "needed")


class StaleFinding(TenantOwned, Base):
    """One contact that one rule found. It goes when its contact is gone for a month."""

    __tablename__ = "stale_findings"
    __table_args__ = (
        UniqueConstraint("tenant_id", "contact_id", "rule"),
        CheckConstraint(f"rule IN {RULES}", name="rule"),
        CheckConstraint(f"decision IN {DECISIONS}", name="decision"),
    )

    id: Mapped[uuid.UUID] = row_id()
    contact_id: Mapped[uuid.UUID] = reference(impersonal("keyed digest, or random id"))
    rule: Mapped[str] = mapped_column(Text, info=impersonal("word from a closed list"))
    found_at: Mapped[datetime] = moment("a rule found a contact")
    decision: Mapped[str | None] = mapped_column(Text, info=impersonal("word from a closed list"))
    decided_at: Mapped[datetime | None] = moment_or_none("somebody decided")
    decided_by: Mapped[uuid.UUID | None] = reference(
        personal(
            "user.unique_id",
            purpose=Purpose.SECURITY,
            basis=LegalBasis.OBLIGATION,
            retention=Retention.SUBSCRIPTION,
            subjects=Subjects.CUSTOMERS,
        )
    )
