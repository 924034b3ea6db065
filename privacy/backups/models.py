"""What is known of archives and drills. The store itself holds the truth about archives."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Text,
    Uuid,
)
from sqlalchemy.orm import Mapped, mapped_column

from privacy.core.db.base import Base
from privacy.core.db.declarations import impersonal

_STAMP = DateTime(timezone=True)
_ID = impersonal("random id of an archive or a drill")
_STATE = impersonal("state of an archive or a drill, or why it failed")
_COUNT = impersonal("counts what archives hold, or their bytes")
_WHEN = impersonal("a moment in the life of an archive or a drill")
_DIGEST = impersonal("digest of an encrypted archive")
_PLACE = impersonal("names the database server that this database was opened on")


class ArchiveState(StrEnum):
    """`gone`: its time was over and the store has it no more; `missing`: too early."""

    RUNNING = "running"
    WHOLE = "whole"
    FAILED = "failed"
    GONE = "gone"
    MISSING = "missing"


class DrillState(StrEnum):
    """How a drill went."""

    RUNNING = "running"
    PASSED = "passed"
    FAILED = "failed"


class DatabaseHome(Base):
    """One row, which no archive holds: this database was opened where it is now."""

    __tablename__ = "database_home"
    __table_args__ = (CheckConstraint("id = 1", name="one"),)

    id: Mapped[int] = mapped_column(
        SmallInteger, primary_key=True, server_default="1", info=impersonal("always 1")
    )
    place: Mapped[str] = mapped_column(Text, info=_PLACE)
    opened_at: Mapped[datetime] = mapped_column(_STAMP, info=_WHEN)


class ArchiveRow(Base):
    """An archive as this database knows it."""

    __tablename__ = "backup_archives"
    __table_args__ = (
        CheckConstraint("state IN ('running', 'whole', 'failed', 'gone', 'missing')", name="state"),
        Index("ix_backup_archives_began_at", "began_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, info=_ID)
    state: Mapped[str] = mapped_column(Text, info=_STATE)
    number: Mapped[int | None] = mapped_column(Integer, info=_COUNT)
    revision: Mapped[str | None] = mapped_column(Text, info=impersonal("schema of an archive"))
    began_at: Mapped[datetime] = mapped_column(_STAMP, info=_WHEN)
    snapshot_at: Mapped[datetime | None] = mapped_column(_STAMP, info=_WHEN)
    ended_at: Mapped[datetime | None] = mapped_column(_STAMP, info=_WHEN)
    size: Mapped[int | None] = mapped_column(BigInteger, info=_COUNT)
    parts: Mapped[int | None] = mapped_column(Integer, info=_COUNT)
    row_count: Mapped[int | None] = mapped_column(BigInteger, info=_COUNT)
    digest: Mapped[bytes | None] = mapped_column(LargeBinary, info=_DIGEST)
    keep_until: Mapped[datetime | None] = mapped_column(_STAMP, info=_WHEN)
    gone_at: Mapped[datetime | None] = mapped_column(_STAMP, info=_WHEN)
    failure_code: Mapped[str | None] = mapped_column(Text, info=_STATE)


class AlertRow(Base):
    """Something that an operator has to mend, since when, and when somebody was last told."""

    __tablename__ = "backup_alerts"

    code: Mapped[str] = mapped_column(Text, primary_key=True, info=_STATE)
    since: Mapped[datetime] = mapped_column(_STAMP, info=_WHEN)
    told_at: Mapped[datetime] = mapped_column(_STAMP, info=_WHEN)


class DrillRow(Base):
    """A restoration that was tried, on a scratch copy."""

    __tablename__ = "backup_drills"
    __table_args__ = (
        CheckConstraint("state IN ('running', 'passed', 'failed')", name="state"),
        Index("ix_backup_drills_began_at", "began_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, info=_ID)
    archive_id: Mapped[uuid.UUID | None] = mapped_column(Uuid, info=_ID)
    state: Mapped[str] = mapped_column(Text, info=_STATE)
    began_at: Mapped[datetime] = mapped_column(_STAMP, info=_WHEN)
    ended_at: Mapped[datetime | None] = mapped_column(_STAMP, info=_WHEN)
    snapshot_at: Mapped[datetime | None] = mapped_column(_STAMP, info=_WHEN)
    row_count: Mapped[int | None] = mapped_column(BigInteger, info=_COUNT)
    values_opened: Mapped[int | None] = mapped_column(Integer, info=_COUNT)
    erasures: Mapped[int | None] = mapped_column(Integer, info=_COUNT)
    failure_code: Mapped[str | None] = mapped_column(Text, info=_STATE)
