"""Rows of calls: what stands beside the seal is meaningless without the day's key."""

import uuid
from datetime import date, datetime

from sqlalchemy import BigInteger, Date, DateTime, Index, Integer, LargeBinary, SmallInteger, Text
from sqlalchemy.dialects.postgresql import UUID
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

_NUMBER = personal(
    "user.contact.phone_number",
    purpose=Purpose.DELIVERY,
    basis=LegalBasis.CONTRACT,
    retention=Retention.CALLS,
    subjects=Subjects.CUSTOMERS_OF_CUSTOMERS,
)
_USER = personal(
    "user.unique_id",
    purpose=Purpose.DELIVERY,
    basis=LegalBasis.CONTRACT,
    retention=Retention.CALLS,
    subjects=Subjects.CUSTOMERS,
)
_CONTENT = personal(
    "user.behavior",
    purpose=Purpose.DELIVERY,
    basis=LegalBasis.CONTRACT,
    retention=Retention.CALLS,
    subjects=Subjects.CUSTOMERS_OF_CUSTOMERS,
)


def _token_index(column: str) -> Index:
    return Index(
        f"ix_calls_tenant_id_{column}",
        "tenant_id",
        column,
        postgresql_where=f"{column} IS NOT NULL",
    )


class Call(TenantOwned, Base):
    """One call. The id is the keyed digest of its source id, so a redelivery meets itself.

    `slot` is the quarter of an hour of the start (0 to 95, UTC): it orders a day's list, and
    says no more than the order of arrival does. Exact times are sealed.
    """

    __tablename__ = "calls"
    __table_args__ = (
        _token_index("caller_token"),
        _token_index("called_token"),
        _token_index("user_token"),
        {"postgresql_partition_by": "LIST (day)"},
    )

    day: Mapped[date] = mapped_column(
        Date, primary_key=True, sort_order=-9, info=impersonal("a day on which calls were made")
    )
    id: Mapped[uuid.UUID] = mapped_column(
        UUID(as_uuid=True),
        primary_key=True,
        sort_order=-8,
        info=impersonal("keyed digest, meaningless once the day's key is destroyed"),
    )
    account_id: Mapped[uuid.UUID] = mapped_column(UUID(as_uuid=True), info=impersonal("random id"))
    version: Mapped[int] = mapped_column(Integer, info=impersonal("counter"))
    slot: Mapped[int] = mapped_column(SmallInteger, info=impersonal("quarter of an hour of a day"))
    caller_token: Mapped[int | None] = mapped_column(BigInteger, info=_NUMBER)
    called_token: Mapped[int | None] = mapped_column(BigInteger, info=_NUMBER)
    user_token: Mapped[int | None] = mapped_column(BigInteger, info=_USER)
    sealed: Mapped[bytes] = mapped_column(LargeBinary, info=_CONTENT)


class CallSource(TenantOwned, Base):
    """What a call was read from: one exchange's document, declared fields only, sealed."""

    __tablename__ = "call_sources"
    __table_args__ = (
        Index("ix_call_sources_tenant_id_call_id", "tenant_id", "call_id"),
        {"postgresql_partition_by": "LIST (day)"},
    )

    day: Mapped[date] = mapped_column(
        Date, primary_key=True, sort_order=-9, info=impersonal("a day on which calls were made")
    )
    id: Mapped[uuid.UUID] = mapped_column(
        UUID(as_uuid=True), primary_key=True, sort_order=-8, info=impersonal("keyed digest")
    )
    call_id: Mapped[uuid.UUID] = mapped_column(UUID(as_uuid=True), info=impersonal("keyed digest"))
    account_id: Mapped[uuid.UUID] = mapped_column(UUID(as_uuid=True), info=impersonal("random id"))
    sealed: Mapped[bytes] = mapped_column(LargeBinary, info=_CONTENT)


class CallTally(TenantOwned, Base):
    """Calls and their seconds per day, account and direction: counts that identify nobody."""

    __tablename__ = "call_tallies"

    day: Mapped[date] = mapped_column(Date, primary_key=True, info=impersonal("a day"))
    account_id: Mapped[uuid.UUID] = mapped_column(
        UUID(as_uuid=True), primary_key=True, info=impersonal("random id")
    )
    direction: Mapped[str] = mapped_column(Text, primary_key=True, info=impersonal("a direction"))
    shard: Mapped[int] = mapped_column(
        SmallInteger, primary_key=True, info=impersonal("spreads writers over rows")
    )
    calls: Mapped[int] = mapped_column(BigInteger, info=impersonal("a count"))
    seconds: Mapped[int] = mapped_column(BigInteger, info=impersonal("a sum"))


class PostMinute(TenantOwned, Base):
    """Single posts of one minute, until the ledger says them in one event."""

    __tablename__ = "post_minutes"

    account_id: Mapped[uuid.UUID] = mapped_column(
        UUID(as_uuid=True), primary_key=True, info=impersonal("random id")
    )
    minute: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), primary_key=True, info=impersonal("a minute")
    )
    shard: Mapped[int] = mapped_column(
        SmallInteger, primary_key=True, info=impersonal("spreads writers over rows")
    )
    accepted: Mapped[int] = mapped_column(BigInteger, info=impersonal("a count"))
    duplicates: Mapped[int] = mapped_column(BigInteger, info=impersonal("a count"))
    expired: Mapped[int] = mapped_column(BigInteger, info=impersonal("a count"))
    rejected: Mapped[int] = mapped_column(BigInteger, info=impersonal("a count"))
