"""Declared fields, and what was entered into them for one contact or inquiry."""

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
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from connector.free_fields.kinds import About, FieldType
from connector.free_fields.wordings import offered_words
from privacy.core.db.base import Base, TenantOwned
from privacy.core.db.declarations import (
    LegalBasis,
    Purpose,
    Retention,
    Subjects,
    impersonal,
    personal,
)
from privacy.ledger.rollbacks import Versioned
from privacy.ledger.rollbacks import register as register_versioned
from privacy.vault.labels import Scope
from privacy.vault.reseals import SealedColumn, register
from tenants.columns import moment, moment_or_none, reference, row_id

MEANING = "free value"


def _words(values: type[About] | type[FieldType] | type[Purpose] | type[LegalBasis]) -> str:
    return ", ".join(f"'{one}'" for one in values)


class FreeField(TenantOwned, Base):
    """A field that a tenant declares. `days` None: its values live as long as their record."""

    __tablename__ = "free_fields"
    __table_args__ = (
        CheckConstraint(f"about IN ({_words(About)})", name="about"),
        CheckConstraint(f"type IN ({_words(FieldType)})", name="type"),
        CheckConstraint(f"purpose IN ({_words(Purpose)})", name="purpose"),
        CheckConstraint(f"basis IN ({_words(LegalBasis)})", name="basis"),
        CheckConstraint("days > 0", name="days"),
        Index(
            "uq_free_fields_tenant_id_about_key",
            "tenant_id",
            "about",
            "key",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[uuid.UUID] = row_id()
    about: Mapped[str] = mapped_column(Text, info=impersonal("word from a closed list"))
    key: Mapped[str] = mapped_column(Text, info=impersonal("what a tenant calls a field"))
    label: Mapped[str] = mapped_column(Text, info=impersonal("what a tenant calls a field"))
    labels: Mapped[dict[str, str]] = mapped_column(
        JSONB, server_default="{}", info=impersonal("what a tenant calls a field, by language")
    )
    type: Mapped[str] = mapped_column(Text, info=impersonal("word from a closed list"))
    choices: Mapped[list[str]] = mapped_column(
        ARRAY(Text), info=impersonal("words that a tenant offers in a field")
    )
    words: Mapped[dict[str, dict[str, str]]] = mapped_column(
        JSONB, server_default="{}", info=impersonal("words that a tenant offers, by language")
    )
    purpose: Mapped[str] = mapped_column(Text, info=impersonal("word from a closed list"))
    basis: Mapped[str] = mapped_column(Text, info=impersonal("word from a closed list"))
    days: Mapped[int | None] = mapped_column(Integer, info=impersonal("a setting"))
    created_at: Mapped[datetime] = moment("a field was declared")
    ended_at: Mapped[datetime | None] = moment_or_none("a field was ended")

    def called(self, language: str) -> str:
        """Its label in a language; its one label where the tenant gave none in that language."""
        return self.labels.get(language) or self.label

    def offered(self, language: str) -> tuple[tuple[str, str], ...]:
        """Each choice as it is kept, and as it is said in a language."""
        return tuple(
            zip(self.choices, offered_words(self.choices, self.words or {}, language), strict=True)
        )


class FreeValue(TenantOwned, Base):
    """What is in one field of one record. Triggers delete it with its record."""

    __tablename__ = "free_values"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "field_id"],
            ["free_fields.tenant_id", "free_fields.id"],
            ondelete="CASCADE",
        ),
        Index(
            "uq_free_values_tenant_id_record_id_field_id",
            "tenant_id",
            "record_id",
            "field_id",
            unique=True,
        ),
        Index("ix_free_values_tenant_id_ends_on", "tenant_id", "ends_on"),
    )

    id: Mapped[uuid.UUID] = row_id()
    field_id: Mapped[uuid.UUID] = reference()
    record_id: Mapped[uuid.UUID] = reference()
    value_sealed: Mapped[bytes] = mapped_column(
        LargeBinary,
        info=personal(
            "user.content",
            purpose=Purpose.DELIVERY,
            basis=LegalBasis.CONTRACT,
            retention=Retention.DECLARED,
            subjects=Subjects.CUSTOMERS_OF_CUSTOMERS,
        ),
    )
    value_version: Mapped[int] = mapped_column(Integer, info=impersonal("counter"))
    set_at: Mapped[datetime] = moment("a field was filled in")
    ends_on: Mapped[date | None] = mapped_column(
        Date, info=impersonal("first day on which a value is gone")
    )


VALUE_VERSION = register_versioned(Versioned("free_values", "value_version"))
register(
    SealedColumn(
        "free_values", "value_sealed", Scope.FIELDS, MEANING, version_column="value_version"
    )
)
