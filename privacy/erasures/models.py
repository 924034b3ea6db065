"""What was erased and is not in escrow yet, and how far escrow's chain of each tenant has come.

Rows are written by triggers of the tables that hold people's data (see marking), in the very
transaction that erases. They name rows, never people.
"""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, DateTime, Integer, LargeBinary, Text
from sqlalchemy.dialects.postgresql import JSONB, UUID
from sqlalchemy.orm import Mapped, mapped_column

from privacy.core.db.base import Base, TenantOwned
from privacy.core.db.declarations import impersonal


class Act(StrEnum):
    """What was done to rows."""

    DELETED = "deleted"
    CHANGED = "changed"
    """What could be kept of them was reduced."""
    ADDED = "added"
    """What keeps somebody from being brought again was noted."""
    ENDED = "ended"
    """What a row allowed is over: a key, a membership, a field. Nobody is erased by that."""


class ErasureNote(TenantOwned, Base):
    """Rows of one table that one statement erased, until escrow has them."""

    __tablename__ = "erasure_journal"
    __table_args__ = (
        CheckConstraint("act IN ('deleted', 'changed', 'added', 'ended')", name="act"),
    )

    id: Mapped[uuid.UUID] = mapped_column(
        UUID(as_uuid=True), primary_key=True, info=impersonal("random id")
    )
    relation: Mapped[str] = mapped_column(Text, info=impersonal("name of a table"))
    act: Mapped[str] = mapped_column(Text, info=impersonal("word from a closed list"))
    rows: Mapped[list[dict[str, Any]]] = mapped_column(
        JSONB, info=impersonal("ids of rows that are gone, random or keyed digests")
    )
    at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), info=impersonal("when rows were erased")
    )


class ErasureHead(TenantOwned, Base):
    """How many segments of the tenant's chain this database knows, and the last one's MAC."""

    __tablename__ = "erasure_heads"

    segments: Mapped[int] = mapped_column(Integer, info=impersonal("a count"))
    mac: Mapped[bytes] = mapped_column(
        LargeBinary, info=impersonal("authentication code of a list of ids")
    )
    moved_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), info=impersonal("when a journal went to escrow")
    )
