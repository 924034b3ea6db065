"""Tables of the key ring. No foreign key points at them: after a restore they come from escrow."""

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from privacy.core.db.base import Base, TenantOwned
from privacy.core.db.declarations import impersonal

_STAMP = DateTime(timezone=True)
_NAME = impersonal("says what a key is for: a service, a kind of data, a day")
_COUNT = impersonal("counts keys, versions or seals")
_WHEN = impersonal("a moment in the life of a key")
_KEY = impersonal("a random key, wrapped; or what proves one")


class KeyEpoch(Base):
    """An epoch: `current`, `ending` (keys are being rewrapped away from it) or `ended`.

    Whoever adds a key holds the current row FOR SHARE, whoever ends an epoch FOR UPDATE. `held`
    never changes: PostgreSQL wants an UPDATE right for such a lock, and this is the harmless one.
    """

    __tablename__ = "key_epochs"
    __table_args__ = (
        CheckConstraint("state IN ('current', 'ending', 'ended')", name="state"),
        Index(
            "uq_key_epochs_current",
            "state",
            unique=True,
            postgresql_where=text("state = 'current'"),
        ),
    )

    number: Mapped[int] = mapped_column(Integer, primary_key=True, info=_COUNT)
    state: Mapped[str] = mapped_column(Text, info=_NAME)
    held: Mapped[bool] = mapped_column(Boolean, server_default="false", info=_COUNT)
    created_at: Mapped[datetime] = mapped_column(_STAMP, info=_WHEN)
    ended_at: Mapped[datetime | None] = mapped_column(_STAMP, info=_WHEN)


class RingKey(TenantOwned, Base):
    """A tenant or day key, wrapped by an epoch key."""

    __tablename__ = "key_ring"
    __table_args__ = (
        UniqueConstraint(
            "tenant_id",
            "kind",
            "service",
            "data",
            "day",
            "version",
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint("kind IN ('tenant', 'day')", name="kind"),
        CheckConstraint("(kind = 'day') = (day IS NOT NULL)", name="day"),
        CheckConstraint("octet_length(key_id) = 8", name="key_id"),
        CheckConstraint("octet_length(commitment) = 32", name="commitment"),
        CheckConstraint("seals_leased BETWEEN 0 AND 2147483648", name="seals_leased"),
    )

    key_id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True, info=_KEY)
    kind: Mapped[str] = mapped_column(Text, info=_NAME)
    service: Mapped[str] = mapped_column(Text, info=_NAME)
    data: Mapped[str] = mapped_column(Text, info=_NAME)
    day: Mapped[date | None] = mapped_column(Date, info=_NAME)
    version: Mapped[int] = mapped_column(Integer, info=_COUNT)
    epoch: Mapped[int] = mapped_column(Integer, info=_COUNT)
    wrapped: Mapped[bytes] = mapped_column(LargeBinary, info=_KEY)
    commitment: Mapped[bytes] = mapped_column(LargeBinary, info=_KEY)
    seals_leased: Mapped[int] = mapped_column(BigInteger, server_default="0", info=_COUNT)
    created_at: Mapped[datetime] = mapped_column(_STAMP, info=_WHEN)


class KeyFloor(TenantOwned, Base):
    """Minimum versions of a tenant's key; without a row: none (see floors)."""

    __tablename__ = "key_floors"

    min_available: Mapped[int] = mapped_column(Integer, info=_COUNT)
    min_open: Mapped[int] = mapped_column(Integer, info=_COUNT)
    min_seal: Mapped[int] = mapped_column(Integer, info=_COUNT)


class KeyCheck(Base):
    """What an epoch key must show: no other key gives it, and it gives no key away."""

    __tablename__ = "key_check"

    epoch: Mapped[int] = mapped_column(Integer, primary_key=True, info=_COUNT)
    proof: Mapped[bytes] = mapped_column(LargeBinary, info=_KEY)


class KeyRingVersion(Base):
    """One row: `version` counts every change, `flushed` those after which caches must be empty."""

    __tablename__ = "key_ring_version"
    __table_args__ = (CheckConstraint("id = 1", name="one"),)

    id: Mapped[int] = mapped_column(
        SmallInteger, primary_key=True, server_default="1", info=impersonal("always 1")
    )
    version: Mapped[int] = mapped_column(BigInteger, server_default="0", info=_COUNT)
    flushed: Mapped[int] = mapped_column(BigInteger, server_default="0", info=_COUNT)


class KeyDestruction(TenantOwned, Base):
    """What was destroyed, when and why. The key itself is not here, nor anywhere."""

    __tablename__ = "key_destructions"
    __table_args__ = (
        Index(
            "ix_key_destructions_tenant_id_service_data_day", "tenant_id", "service", "data", "day"
        ),
    )

    key_id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True, info=_KEY)
    kind: Mapped[str] = mapped_column(Text, info=_NAME)
    service: Mapped[str] = mapped_column(Text, info=_NAME)
    data: Mapped[str] = mapped_column(Text, info=_NAME)
    day: Mapped[date | None] = mapped_column(Date, info=_NAME)
    version: Mapped[int] = mapped_column(Integer, info=_COUNT)
    destroyed_at: Mapped[datetime] = mapped_column(_STAMP, info=_WHEN)
    reason: Mapped[str] = mapped_column(Text, info=_NAME)
