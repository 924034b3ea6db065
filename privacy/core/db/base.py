"""The declarative base, and the mixin that makes a table a tenant's."""

import uuid

from sqlalchemy import MetaData
from sqlalchemy.dialects.postgresql import UUID
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from privacy.core.db.declarations import impersonal

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Root of every mapped class; constraint names follow one convention and are read back."""

    metadata = MetaData(naming_convention=NAMES)


class TenantOwned:
    """Rows of one tenant. `tenant_id` leads the primary key, every unique and foreign key."""

    tenant_id: Mapped[uuid.UUID] = mapped_column(
        UUID(as_uuid=True),
        primary_key=True,
        sort_order=-10,
        info=impersonal("names a tenant, which is an organisation"),
    )
