"""Column shapes that several tables of this floor share."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import DateTime
from sqlalchemy.dialects.postgresql import UUID
from sqlalchemy.orm import MappedColumn, mapped_column

from privacy.core.db.declarations import impersonal


def row_id() -> MappedColumn[uuid.UUID]:
    """A UUIDv7 in the primary key, after the tenant."""
    return mapped_column(
        UUID(as_uuid=True), primary_key=True, sort_order=-9, info=impersonal("random id")
    )


def reference(info: dict[str, Any] | None = None, *, key: bool = False) -> MappedColumn[Any]:
    """The id of a row elsewhere."""
    return mapped_column(UUID(as_uuid=True), primary_key=key, info=info or impersonal("random id"))


def moment(what: str) -> MappedColumn[datetime]:
    """An aware time stamp; `what` says of what."""
    return mapped_column(DateTime(timezone=True), info=impersonal(f"when {what}"))


def moment_or_none(what: str) -> MappedColumn[datetime | None]:
    """An aware time stamp that may be absent."""
    return mapped_column(DateTime(timezone=True), info=impersonal(f"when {what}"))
