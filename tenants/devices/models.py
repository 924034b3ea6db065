"""Browsers from which somebody has signed in before."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from privacy.core.db.base import Base, TenantOwned
from tenants.columns import moment, reference
from tenants.holdings import CREDENTIAL, PERSON


class KnownDevice(TenantOwned, Base):
    """A browser that holds a secret of ours: strangers cannot lock its owner out."""

    __tablename__ = "known_devices"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "user_id"], ["users.tenant_id", "users.id"], ondelete="CASCADE"
        ),
        Index("ix_known_devices_user", "tenant_id", "user_id"),
    )

    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True, info=CREDENTIAL)
    user_id: Mapped[uuid.UUID] = reference(PERSON)
    created_at: Mapped[datetime] = moment("a device was first seen")
    expires_at: Mapped[datetime] = moment("a device is forgotten")
