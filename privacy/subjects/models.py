"""Requests and their steps; what was collected lies sealed until it is fetched, or seven days."""

import uuid
from datetime import date, datetime

from sqlalchemy import (
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
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY, UUID
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
from privacy.subjects.words import (
    Because,
    Ground,
    Method,
    Phase,
    RequestChannel,
    RequestKind,
    RequestState,
    StepState,
)

_RANDOM = impersonal("random id")
_WORD = impersonal("word from a closed list")
_WHEN = impersonal("a moment in the life of a request")
_COUNT = impersonal("a count")
_PERSON = personal(
    "user.contact",
    purpose=Purpose.SECURITY,
    basis=LegalBasis.OBLIGATION,
    retention=Retention.REQUESTS,
    subjects=Subjects.CUSTOMERS_OF_CUSTOMERS,
)
_AGENT = personal(
    "user.unique_id",
    purpose=Purpose.SECURITY,
    basis=LegalBasis.OBLIGATION,
    retention=Retention.REQUESTS,
    subjects=Subjects.CUSTOMERS,
)
_FOUND = personal(
    "user",
    purpose=Purpose.SECURITY,
    basis=LegalBasis.OBLIGATION,
    retention=Retention.PACKAGE,
    subjects=Subjects.CUSTOMERS_OF_CUSTOMERS,
)


def _when() -> Mapped[datetime | None]:
    return mapped_column(DateTime(timezone=True), info=_WHEN)


def _one_of(column: str, words: type) -> CheckConstraint:
    listed = ", ".join(f"'{one}'" for one in words)  # type: ignore[attr-defined]
    return CheckConstraint(f"{column} IN ({listed})", name=column)


class SubjectRequest(TenantOwned, Base):
    """One request of one person. Nobody's name stands in it unsealed."""

    __tablename__ = "subject_requests"
    __table_args__ = (
        UniqueConstraint("tenant_id", "reference"),
        _one_of("kind", RequestKind),
        _one_of("channel", RequestChannel),
        _one_of("state", RequestState),
        _one_of("method", Method),
        _one_of("ground", Ground),
        CheckConstraint("code_for IN ('identity', 'result', 'telephone')", name="code_for"),
        Index("ix_subject_requests_tenant_id_due_on", "tenant_id", "due_on"),
        Index("ix_subject_requests_tenant_id_email_token", "tenant_id", "email_token"),
        Index("ix_subject_requests_tenant_id_phone_token", "tenant_id", "phone_token"),
        Index("ix_subject_requests_tenant_id_bundle_id", "tenant_id", "bundle_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(UUID(as_uuid=True), primary_key=True, info=_RANDOM)
    reference: Mapped[str] = mapped_column(Text, info=impersonal("random, for letters to name it"))
    service: Mapped[str] = mapped_column(Text, info=impersonal("key of a service"))
    kind: Mapped[str] = mapped_column(Text, info=_WORD)
    channel: Mapped[str] = mapped_column(Text, info=_WORD)
    state: Mapped[str] = mapped_column(Text, info=_WORD)
    country: Mapped[str] = mapped_column(Text, info=impersonal("whose law and authority count"))
    language: Mapped[str] = mapped_column(Text, info=impersonal("language of a text"))
    person_sealed: Mapped[bytes] = mapped_column(LargeBinary, info=_PERSON)
    wish_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info=_PERSON)
    """What is to be corrected or restricted, in the person's words."""
    answer_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info=_PERSON)
    """What was written back: the reasons of a refusal, or the outcome."""
    extension_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info=_PERSON)
    """Why the time limit was extended."""
    trail_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info=_PERSON)
    email_token: Mapped[bytes | None] = mapped_column(LargeBinary, info=_PERSON)
    phone_token: Mapped[bytes | None] = mapped_column(LargeBinary, info=_PERSON)
    received_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), info=_WHEN)
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), info=_WHEN)
    recorded_by: Mapped[uuid.UUID | None] = mapped_column(UUID(as_uuid=True), info=_AGENT)
    due_on: Mapped[date] = mapped_column(Date, info=impersonal("a time limit"))
    extended_at: Mapped[datetime | None] = _when()
    verified_at: Mapped[datetime | None] = _when()
    verified_by: Mapped[uuid.UUID | None] = mapped_column(UUID(as_uuid=True), info=_AGENT)
    method: Mapped[str | None] = mapped_column(Text, info=_WORD)
    proven: Mapped[list[str]] = mapped_column(ARRAY(Text), info=_WORD)
    """Which ways of the person's are proven to be theirs: only by those is anything found."""
    code_digest: Mapped[bytes | None] = mapped_column(
        LargeBinary, info=impersonal("keyed digest of a random code")
    )
    code_for: Mapped[str | None] = mapped_column(Text, info=_WORD)
    code_expires_at: Mapped[datetime | None] = _when()
    code_tries: Mapped[int] = mapped_column(SmallInteger, info=_COUNT)
    codes_sent: Mapped[int] = mapped_column(SmallInteger, info=_COUNT)
    ground: Mapped[str | None] = mapped_column(Text, info=_WORD)
    mail_id: Mapped[uuid.UUID | None] = mapped_column(UUID(as_uuid=True), info=_RANDOM)
    """The mail that answers; the request is closed when it was sent."""
    decided_at: Mapped[datetime | None] = _when()
    fetched_at: Mapped[datetime | None] = _when()
    closed_at: Mapped[datetime | None] = _when()
    told_on: Mapped[date | None] = mapped_column(Date, info=impersonal("when a limit was told of"))
    ends_on: Mapped[date | None] = mapped_column(
        Date, info=impersonal("first day on which a request is gone")
    )
    certificate: Mapped[str | None] = mapped_column(
        Text, info=impersonal("ids, words and counts of an erasure, signed")
    )
    change_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info=_PERSON)
    """What is to stand in place of what (Art. 16)."""
    doubted_at: Mapped[datetime | None] = _when()
    """Since when proof is waited for; the time limit pauses until it is there (Art. 12(6))."""
    doubt_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info=_PERSON)
    extension_mail_id: Mapped[uuid.UUID | None] = mapped_column(UUID(as_uuid=True), info=_RANDOM)
    """The notice of an extension; only when it was sent in time is the limit extended."""
    ordered_at: Mapped[datetime | None] = _when()
    """When the authority ordered what had been refused (promise C5)."""
    order_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info=_PERSON)
    forwarded_at: Mapped[datetime | None] = _when()
    """When the controller was sent what came to its processor (Art. 28(3)(e))."""
    bundle_id: Mapped[uuid.UUID | None] = mapped_column(UUID(as_uuid=True), info=_RANDOM)
    """One person's one request to several tenants has one."""
    every_service: Mapped[bool] = mapped_column(
        Boolean,
        server_default="false",
        info=impersonal("whether the person did not say which service"),
    )


class SubjectStep(TenantOwned, Base):
    """One thing to be done for a request. It and its effect are one transaction."""

    __tablename__ = "subject_steps"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "request_id"],
            ["subject_requests.tenant_id", "subject_requests.id"],
            ondelete="CASCADE",
        ),
        _one_of("phase", Phase),
        _one_of("state", StepState),
        _one_of("because", Because),
    )

    request_id: Mapped[uuid.UUID] = mapped_column(
        UUID(as_uuid=True), primary_key=True, info=_RANDOM
    )
    place: Mapped[int] = mapped_column(SmallInteger, primary_key=True, info=impersonal("an order"))
    phase: Mapped[str] = mapped_column(Text, info=_WORD)
    holder: Mapped[str] = mapped_column(Text, info=impersonal("name of a holder"))
    state: Mapped[str] = mapped_column(Text, info=_WORD)
    found: Mapped[int] = mapped_column(Integer, info=_COUNT)
    retained: Mapped[int] = mapped_column(Integer, info=_COUNT)
    because: Mapped[str | None] = mapped_column(Text, info=_WORD)
    until: Mapped[date | None] = mapped_column(Date, info=impersonal("the end of a hold"))
    attempts: Mapped[int] = mapped_column(SmallInteger, info=_COUNT)
    failure_code: Mapped[str | None] = mapped_column(Text, info=_WORD)
    done_at: Mapped[datetime | None] = _when()
    done_by: Mapped[uuid.UUID | None] = mapped_column(UUID(as_uuid=True), info=_AGENT)


class SubjectPart(TenantOwned, Base):
    """What one holder had about a person, until it is fetched, seven days at most."""

    __tablename__ = "subject_parts"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "request_id"],
            ["subject_requests.tenant_id", "subject_requests.id"],
            ondelete="CASCADE",
        ),
        Index("ix_subject_parts_tenant_id_request_id", "tenant_id", "request_id"),
        Index("ix_subject_parts_tenant_id_expires_at", "tenant_id", "expires_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(UUID(as_uuid=True), primary_key=True, info=_RANDOM)
    request_id: Mapped[uuid.UUID] = mapped_column(UUID(as_uuid=True), info=_RANDOM)
    holder: Mapped[str] = mapped_column(Text, info=impersonal("name of a holder"))
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), info=_WHEN)
    part_sealed: Mapped[bytes] = mapped_column(LargeBinary, info=_FOUND)


class SubjectDayPart(TenantOwned, Base):
    """The same of data that ends with a day: sealed under that day's key, and gone with it."""

    __tablename__ = "subject_day_parts"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "request_id"],
            ["subject_requests.tenant_id", "subject_requests.id"],
            ondelete="CASCADE",
        ),
        Index("ix_subject_day_parts_tenant_id_request_id", "tenant_id", "request_id"),
        Index("ix_subject_day_parts_tenant_id_expires_at", "tenant_id", "expires_at"),
    )

    day: Mapped[date] = mapped_column(
        Date, primary_key=True, sort_order=-9, info=impersonal("a day on which calls were made")
    )
    id: Mapped[uuid.UUID] = mapped_column(
        UUID(as_uuid=True), primary_key=True, sort_order=-8, info=_RANDOM
    )
    request_id: Mapped[uuid.UUID] = mapped_column(UUID(as_uuid=True), info=_RANDOM)
    holder: Mapped[str] = mapped_column(Text, info=impersonal("name of a holder"))
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), info=_WHEN)
    part_sealed: Mapped[bytes] = mapped_column(LargeBinary, info=_FOUND)


PERSON = sealed_text("requesting person", "subject_requests", "person_sealed")
WISH = sealed_text("request wish", "subject_requests", "wish_sealed")
ANSWER = sealed_text("request answer", "subject_requests", "answer_sealed")
EXTENSION = sealed_text("request extension", "subject_requests", "extension_sealed")
CHANGE = sealed_text("request change", "subject_requests", "change_sealed")
DOUBT = sealed_text("request doubt", "subject_requests", "doubt_sealed")
ORDER = sealed_text("request order", "subject_requests", "order_sealed")
TRAIL = sealed_text("request trail", "subject_requests", "trail_sealed")
PART = sealed_text("request part", "subject_parts", "part_sealed")
DAY_PART = "request day part"
