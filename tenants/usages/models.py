"""The session register (promise A3): the device of each session, never the user."""

import uuid
from datetime import date

from sqlalchemy import Date, LargeBinary, SmallInteger
from sqlalchemy.dialects.postgresql import UUID
from sqlalchemy.orm import Mapped, mapped_column

from privacy.core.db.base import Base, TenantOwned
from privacy.core.db.declarations import impersonal
from tenants.holdings import USAGE


class SessionUsage(TenantOwned, Base):
    """One visit, sealed under its day's key.

    The id is the keyed digest of the session's: who has the session can find the record, and
    nobody can once the day's key is destroyed.
    """

    __tablename__ = "session_usages"
    __table_args__ = ({"postgresql_partition_by": "LIST (day)"},)

    day: Mapped[date] = mapped_column(
        Date, primary_key=True, sort_order=-9, info=impersonal("a day on which there were visits")
    )
    id: Mapped[uuid.UUID] = mapped_column(
        UUID(as_uuid=True),
        primary_key=True,
        sort_order=-8,
        info=impersonal("keyed digest, meaningless once the day's key is destroyed"),
    )
    version: Mapped[int] = mapped_column(SmallInteger, info=impersonal("counter"))
    sealed: Mapped[bytes] = mapped_column(LargeBinary, info=USAGE)
