"""The columns that every kind of record has: what stands beside the seal, and what is in it.

An id is a keyed digest of account, stream and external id, so that what is read again meets
itself, and the outside system's own ids (which can be a person's) stand in the seal only.
"""

import uuid
from datetime import date, datetime
from enum import IntFlag, StrEnum
from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Text,
)
from sqlalchemy.dialects.postgresql import UUID
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from privacy.core.db.base import TenantOwned
from privacy.core.db.declarations import Subjects, impersonal
from privacy.profiles.data import Source


class RecordState(StrEnum):
    """Whether a record is in use. A held one is kept only because a law obliges (promise B3)."""

    LIVING = "living"
    HELD = "held"


class Doubt(IntFlag):
    """What a look at a record found, for the rules that clean up (promise B6)."""

    NONE = 0
    VAT_ID = 1
    REGISTER_NUMBER = 2
    UNREACHABLE = 4
    """Neither a telephone number nor an e-mail address."""


def _one_of(column: str, words: type[StrEnum]) -> CheckConstraint:
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


class RecordColumns(TenantOwned):
    """Mixed into the model of each kind, which says by `__holds__` what its seal holds."""

    __abstract__ = True
    __holds__: ClassVar[dict[str, Any]]

    id: Mapped[uuid.UUID] = mapped_column(
        UUID(as_uuid=True), primary_key=True, info=impersonal("keyed digest, or random id")
    )
    account_id: Mapped[uuid.UUID | None] = mapped_column(
        UUID(as_uuid=True), info=impersonal("random id")
    )
    """None for what people entered themselves."""
    stream: Mapped[str] = mapped_column(Text, info=impersonal("name of a list in a system"))
    version: Mapped[int] = mapped_column(Integer, info=impersonal("counter"))
    source_version: Mapped[int | None] = mapped_column(
        BigInteger, info=impersonal("counter of the outside system")
    )
    subject_group: Mapped[str] = mapped_column(Text, info=impersonal("one of two groups"))
    """Whose data it is (promise A1)."""
    source: Mapped[str] = mapped_column(Text, info=impersonal("one of three sources"))
    """Where it comes from (promise A6)."""
    source_name: Mapped[str | None] = mapped_column(
        Text, info=impersonal("name of a public register")
    )
    state: Mapped[str] = mapped_column(Text, info=impersonal("state of a record"))
    content_digest: Mapped[bytes] = mapped_column(
        LargeBinary, info=impersonal("keyed digest, to see a change by")
    )
    about_token: Mapped[int | None] = mapped_column(
        BigInteger, info=impersonal("keyed digest that leads from a record to its customer's")
    )
    doubts: Mapped[int] = mapped_column(SmallInteger, info=impersonal("what a look at it found"))
    hold_until: Mapped[date | None] = mapped_column(
        Date, info=impersonal("first day after a year's legal obligation")
    )
    first_seen_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), info=impersonal("when a system was read")
    )
    changed_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), info=impersonal("when a system was read")
    )
    seen_sweep: Mapped[uuid.UUID | None] = mapped_column(
        UUID(as_uuid=True), info=impersonal("random id of a run")
    )
    gone_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), info=impersonal("when a system was read")
    )

    @declared_attr
    def sealed(cls) -> Mapped[bytes]:  # noqa: N805
        """The record with its external id."""
        return mapped_column(LargeBinary, info=cls.__holds__)

    @declared_attr
    def document_sealed(cls) -> Mapped[bytes | None]:  # noqa: N805
        """What it was mapped from, of declared fields only."""
        return mapped_column(LargeBinary, info=cls.__holds__)

    @declared_attr.directive
    def __table_args__(cls) -> tuple[Any, ...]:  # noqa: N805
        return (
            _one_of("state", RecordState),
            _one_of("source", Source),
            _one_of("subject_group", Subjects),
            _index(cls, "changed_at", "id"),
            _index(cls, "account_id", "stream"),
            _index(cls, "about_token", where="about_token IS NOT NULL"),
            _index(cls, "hold_until", where="state = 'held'"),
        )


def _index(cls: Any, *columns: str, where: str | None = None) -> Index:
    name = f"ix_{cls.__tablename__}_tenant_id_{'_'.join(columns)}"
    return Index(name, "tenant_id", *columns, postgresql_where=where)
