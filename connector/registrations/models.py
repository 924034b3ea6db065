"""Rows of registrations: everything about the person sealed, each value bound to its version."""

import uuid
from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from connector.registrations.holdings import (
    AGREEMENT,
    CHECK,
    CREDENTIAL,
    DETAILS,
    EMAIL,
    LOGIN,
    PERSON,
)
from privacy.core.db.base import Base, TenantOwned
from privacy.core.db.declarations import impersonal
from privacy.ledger.rollbacks import Versioned
from privacy.ledger.rollbacks import register as register_versioned
from privacy.vault.labels import Scope
from privacy.vault.reseals import SealedColumn, register
from tenants.columns import moment, moment_or_none, reference, row_id

STATES = ("unconfirmed", "active", "closed")
CHECKS = ("unchecked", "asked", "right", "doubtful")
_OWNER = ["registrants.tenant_id", "registrants.id"]
_WORD = "word from a closed list"


class Registrant(TenantOwned, Base):
    """One account of somebody outside.

    `closed`: the holder deleted it; name, address and what was agreed to stay until `ends_on`
    for the reason that the page names (promise C9), and nothing opens it.
    """

    __tablename__ = "registrants"
    __table_args__ = (
        UniqueConstraint("tenant_id", "email_digest"),
        UniqueConstraint("tenant_id", "login_digest"),
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint(f"check_state IN {CHECKS}", name="check_state"),
        Index("ix_registrants_tenant_id_created_at", "tenant_id", "created_at", "id"),
        Index("ix_registrants_tenant_id_ends_on", "tenant_id", "ends_on"),
    )

    id: Mapped[uuid.UUID] = row_id()
    form_id: Mapped[uuid.UUID] = reference()
    service: Mapped[str] = mapped_column(Text, info=impersonal("key of a service"))
    email_digest: Mapped[bytes | None] = mapped_column(LargeBinary, info=EMAIL)
    login_digest: Mapped[bytes | None] = mapped_column(LargeBinary, info=LOGIN)
    details_sealed: Mapped[bytes] = mapped_column(LargeBinary, info=DETAILS)
    details_version: Mapped[int] = mapped_column(Integer, info=impersonal("counter"))
    password_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info=CREDENTIAL)
    password_version: Mapped[int] = mapped_column(Integer, info=impersonal("counter"))
    state: Mapped[str] = mapped_column(Text, info=impersonal(_WORD))
    check_state: Mapped[str] = mapped_column(Text, info=impersonal(_WORD))
    created_at: Mapped[datetime] = moment("somebody registered")
    confirmed_at: Mapped[datetime | None] = moment_or_none("an address was confirmed")
    closed_at: Mapped[datetime | None] = moment_or_none("an account was deleted")
    ends_on: Mapped[date | None] = mapped_column(
        Date, info=impersonal("first day on which a row is gone")
    )


class RegistrantSession(TenantOwned, Base):
    """One sign-in of a holder. It holds no network address."""

    __tablename__ = "registrant_sessions"
    __table_args__ = (
        UniqueConstraint("tenant_id", "token_digest"),
        ForeignKeyConstraint(["tenant_id", "registrant_id"], _OWNER, ondelete="CASCADE"),
        Index("ix_registrant_sessions_tenant_id_registrant_id", "tenant_id", "registrant_id"),
    )

    id: Mapped[uuid.UUID] = row_id()
    registrant_id: Mapped[uuid.UUID] = reference(PERSON)
    token_digest: Mapped[bytes] = mapped_column(LargeBinary, info=CREDENTIAL)
    created_at: Mapped[datetime] = moment("a session began")
    seen_at: Mapped[datetime] = moment("a session was last used, to the minute")
    expires_at: Mapped[datetime] = moment("a session ends at the latest")


class RegistrantLink(TenantOwned, Base):
    """A link of a mail, as the digest of its token; it works once."""

    __tablename__ = "registrant_links"
    __table_args__ = (
        UniqueConstraint("tenant_id", "digest"),
        ForeignKeyConstraint(["tenant_id", "registrant_id"], _OWNER, ondelete="CASCADE"),
        CheckConstraint("purpose IN ('confirm', 'reset')", name="purpose"),
    )

    id: Mapped[uuid.UUID] = row_id()
    registrant_id: Mapped[uuid.UUID] = reference(PERSON)
    digest: Mapped[bytes] = mapped_column(LargeBinary, info=CREDENTIAL)
    purpose: Mapped[str] = mapped_column(Text, info=impersonal(_WORD))
    expires_at: Mapped[datetime] = moment("a link ends")
    used_at: Mapped[datetime | None] = moment_or_none("a link was used")


class RegistrantAgreement(TenantOwned, Base):
    """That somebody agreed to a version of a term, when, and (sealed) from where (promise D1)."""

    __tablename__ = "registrant_agreements"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "registrant_id"], _OWNER, ondelete="CASCADE"),
        UniqueConstraint(
            "tenant_id",
            "registrant_id",
            "term",
            "term_version",
            name="uq_registrant_agreements_terms",
        ),
    )

    id: Mapped[uuid.UUID] = row_id()
    registrant_id: Mapped[uuid.UUID] = reference(PERSON)
    term: Mapped[str] = mapped_column(Text, info=impersonal(_WORD))
    term_version: Mapped[str] = mapped_column(Text, info=impersonal("version of a term"))
    evidence_sealed: Mapped[bytes] = mapped_column(LargeBinary, info=AGREEMENT)
    accepted_at: Mapped[datetime] = moment("a term was agreed to")


class RegistrationCheck(TenantOwned, Base):
    """How a registration was checked, and what came of it (promise A14)."""

    __tablename__ = "registration_checks"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "registrant_id"], _OWNER, ondelete="CASCADE"),
        CheckConstraint("outcome IN ('right', 'asked', 'doubtful')", name="outcome"),
        Index("ix_registration_checks_tenant_id_registrant_id", "tenant_id", "registrant_id"),
    )

    id: Mapped[uuid.UUID] = row_id()
    registrant_id: Mapped[uuid.UUID] = reference(PERSON)
    method: Mapped[str] = mapped_column(Text, info=impersonal(_WORD))
    outcome: Mapped[str] = mapped_column(Text, info=impersonal(_WORD))
    note_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info=CHECK)
    checked_by: Mapped[uuid.UUID | None] = reference(PERSON)
    at: Mapped[datetime] = moment("a registration was checked")


DETAILS_VERSION = register_versioned(Versioned("registrants", "details_version"))
PASSWORD_VERSION = register_versioned(Versioned("registrants", "password_version"))
"""Each new version is witnessed in the ledger, so that a whole row put back is found."""

for _table, _column, _type, _version in (
    ("registrants", "details_sealed", "registration", "details_version"),
    ("registrants", "password_sealed", "registrant password", "password_version"),
    ("registrant_agreements", "evidence_sealed", "agreement", None),
    ("registration_checks", "note_sealed", "registration check", None),
):
    register(SealedColumn(_table, _column, Scope.REGISTRATIONS, _type, version_column=_version))
