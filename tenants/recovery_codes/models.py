"""Recovery codes, as digests."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from privacy.core.db.base import Base, TenantOwned
from tenants.columns import moment, reference
from tenants.holdings import CREDENTIAL, PERSON


class RecoveryCode(TenantOwned, Base):
    """One code that is still unused. Using it deletes it."""

    __tablename__ = "recovery_codes"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "user_id"], ["users.tenant_id", "users.id"], ondelete="CASCADE"
        ),
    )

    user_id: Mapped[uuid.UUID] = reference(PERSON, key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True, info=CREDENTIAL)
    created_at: Mapped[datetime] = moment("a code was made")
