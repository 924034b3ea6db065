"""The record of moves: when, from where to where, how long nothing could be written."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Index, Integer, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from privacy.core.db.base import Base
from privacy.core.db.declarations import impersonal

_STAMP = DateTime(timezone=True)
_HOST = impersonal("names a database server, without user or password")
_WHEN = impersonal("a moment of a move to another database server")
_COUNT = impersonal("counts what a move compared, or for how long nothing was written")
_STATE = impersonal("state of a move, or why it was undone")


class MoveState(StrEnum):
    """`open`: the new side serves, and the way back is still there."""

    SYNCING = "syncing"
    SWITCHING = "switching"
    OPEN = "open"
    FINAL = "final"
    UNDONE = "undone"


class MoveRow(Base):
    """One move. It travels with the data, so both sides have it."""

    __tablename__ = "database_moves"
    __table_args__ = (
        CheckConstraint(
            "state IN ('syncing', 'switching', 'open', 'final', 'undone')", name="state"
        ),
        Index("ix_database_moves_began_at", "began_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(
        Uuid, primary_key=True, info=impersonal("random id of a move")
    )
    state: Mapped[str] = mapped_column(Text, info=_STATE)
    from_host: Mapped[str] = mapped_column(Text, info=_HOST)
    to_host: Mapped[str] = mapped_column(Text, info=_HOST)
    to_country: Mapped[str | None] = mapped_column(
        Text, info=impersonal("country of a database server")
    )
    revision: Mapped[str] = mapped_column(Text, info=impersonal("schema that was moved"))
    began_at: Mapped[datetime] = mapped_column(_STAMP, info=_WHEN)
    closed_at: Mapped[datetime | None] = mapped_column(_STAMP, info=_WHEN)
    opened_at: Mapped[datetime | None] = mapped_column(_STAMP, info=_WHEN)
    ended_at: Mapped[datetime | None] = mapped_column(_STAMP, info=_WHEN)
    downtime_ms: Mapped[int | None] = mapped_column(BigInteger, info=_COUNT)
    tables: Mapped[int | None] = mapped_column(Integer, info=_COUNT)
    row_count: Mapped[int | None] = mapped_column(BigInteger, info=_COUNT)
    failure_code: Mapped[str | None] = mapped_column(Text, info=_STATE)
