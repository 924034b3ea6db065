"""Rows of exports: what is known of each, its sealed parts, and when the next one is made."""

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB, UUID
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
from privacy.identities.people import sealed_text

_RANDOM = impersonal("random id")
_COUNT = impersonal("counts what an export holds, or its bytes")
_PLACE = impersonal("an order")
_WORD = impersonal("word from a closed list")
_KEY = impersonal("public key of an organisation")
_MAKER = personal(
    "user.unique_id",
    purpose=Purpose.DELIVERY,
    basis=LegalBasis.CONTRACT,
    retention=Retention.ACCOUNT,
    subjects=Subjects.CUSTOMERS,
)
_CONTENT = personal(
    "user",
    purpose=Purpose.DELIVERY,
    basis=LegalBasis.CONTRACT,
    retention=Retention.PACKAGE,
    subjects=Subjects.CUSTOMERS_OF_CUSTOMERS,
)


class ExportState(StrEnum):
    """Where an export stands. `withdrawn`: somebody was erased after it was made."""

    WAITING = "waiting"
    RUNNING = "running"
    READY = "ready"
    FETCHED = "fetched"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


UNDER_WAY: Final = (ExportState.WAITING.value, ExportState.RUNNING.value)
_STATES: Final = ", ".join(f"'{state}'" for state in ExportState)
_OWNER: Final = ["tenant_exports.tenant_id", "tenant_exports.id"]


def _moment() -> Mapped[datetime | None]:
    return mapped_column(
        DateTime(timezone=True), info=impersonal("a moment in the life of an export")
    )


def _id() -> Mapped[uuid.UUID]:
    return mapped_column(UUID(as_uuid=True), primary_key=True, sort_order=-8, info=_RANDOM)


class TenantExport(TenantOwned, Base):
    """One archive of everything a tenant has. `contents`: its files, by name, size and digest."""

    __tablename__ = "tenant_exports"
    __table_args__ = (
        CheckConstraint(f"state IN ({_STATES})", name="state"),
        Index("ix_tenant_exports_tenant_id_created_at", "tenant_id", "created_at", "id"),
    )

    id: Mapped[uuid.UUID] = _id()
    state: Mapped[str] = mapped_column(Text, info=_WORD)
    recipient: Mapped[str | None] = mapped_column(Text, info=_KEY)
    """The tenant's age public key; None where a passphrase is given when it is fetched."""
    scheduled: Mapped[bool] = mapped_column(Boolean, info=impersonal("who asked for it"))
    made_by: Mapped[uuid.UUID | None] = mapped_column(UUID(as_uuid=True), info=_MAKER)
    created_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), info=impersonal("when an export was asked for")
    )
    began_at: Mapped[datetime | None] = _moment()
    ready_at: Mapped[datetime | None] = _moment()
    fetched_at: Mapped[datetime | None] = _moment()
    expires_at: Mapped[datetime | None] = _moment()
    table_now: Mapped[str | None] = mapped_column(Text, info=impersonal("name of a table"))
    rows_total: Mapped[int] = mapped_column(BigInteger, info=_COUNT)
    rows_done: Mapped[int] = mapped_column(BigInteger, info=_COUNT)
    size: Mapped[int] = mapped_column(BigInteger, info=_COUNT)
    contents: Mapped[dict[str, Any]] = mapped_column(
        JSONB, info=impersonal("names, sizes and digests of files")
    )
    failure_code: Mapped[str | None] = mapped_column(Text, info=_WORD)


class ExportPart(TenantOwned, Base):
    """A piece of one file of an export, until it is fetched or expires."""

    __tablename__ = "export_parts"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "export_id"], _OWNER, ondelete="CASCADE"),
        Index("ix_export_parts_tenant_id_export_id", "tenant_id", "export_id", "member", "place"),
    )

    id: Mapped[uuid.UUID] = _id()
    export_id: Mapped[uuid.UUID] = mapped_column(UUID(as_uuid=True), info=_RANDOM)
    member: Mapped[int] = mapped_column(Integer, info=_PLACE)
    place: Mapped[int] = mapped_column(Integer, info=_PLACE)
    part_sealed: Mapped[bytes] = mapped_column(LargeBinary, info=_CONTENT)


class ExportDayPart(TenantOwned, Base):
    """The same of one day's calls: sealed under that day's key, and unreadable with it."""

    __tablename__ = "export_day_parts"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "export_id"], _OWNER, ondelete="CASCADE"),
        Index(
            "ix_export_day_parts_tenant_id_export_id", "tenant_id", "export_id", "member", "place"
        ),
    )

    day: Mapped[date] = mapped_column(
        Date, primary_key=True, sort_order=-9, info=impersonal("a day on which calls were made")
    )
    id: Mapped[uuid.UUID] = _id()
    export_id: Mapped[uuid.UUID] = mapped_column(UUID(as_uuid=True), info=_RANDOM)
    member: Mapped[int] = mapped_column(Integer, info=_PLACE)
    place: Mapped[int] = mapped_column(Integer, info=_PLACE)
    part_sealed: Mapped[bytes] = mapped_column(LargeBinary, info=_CONTENT)


class ExportSchedule(TenantOwned, Base):
    """That an export is made every so many days, to a public key of the tenant's."""

    __tablename__ = "export_schedules"
    __table_args__ = (CheckConstraint("every_days BETWEEN 1 AND 366", name="every_days"),)

    every_days: Mapped[int] = mapped_column(SmallInteger, info=impersonal("a setting"))
    recipient: Mapped[str] = mapped_column(Text, info=_KEY)
    next_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), info=impersonal("when an export is made next")
    )
    set_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), info=impersonal("when a schedule was set")
    )
    set_by: Mapped[uuid.UUID | None] = mapped_column(UUID(as_uuid=True), info=_MAKER)


PART = sealed_text("export part", "export_parts", "part_sealed")
DAY_PART: Final = "export day part"
