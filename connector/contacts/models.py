"""Contacts: customers and prospects of a tenant, and the tokens by which they are found."""

import uuid

from sqlalchemy import BigInteger, CheckConstraint, Index, Text
from sqlalchemy.dialects.postgresql import UUID
from sqlalchemy.orm import Mapped, mapped_column

from connector.contacts.kinds import TokenKind
from connector.synced.columns import RecordColumns
from privacy.core.db.base import Base, TenantOwned
from privacy.core.db.declarations import (
    LegalBasis,
    Purpose,
    Retention,
    Subjects,
    impersonal,
    personal,
)
from privacy.vault.labels import Scope
from privacy.vault.reseals import SealedColumn, register

_KINDS = ", ".join(f"'{kind}'" for kind in TokenKind)
_CONTACT = personal(
    "user.contact",
    purpose=Purpose.DELIVERY,
    basis=LegalBasis.CONTRACT,
    retention=Retention.SUBSCRIPTION,
    subjects=Subjects.CUSTOMERS_OF_CUSTOMERS,
)


class Contact(RecordColumns, Base):
    """A company with a contact person, or a person."""

    __tablename__ = "contacts"
    __holds__ = _CONTACT


class ContactToken(TenantOwned, Base):
    """One text that a contact is found by, as a keyed digest. Equality is all that it answers.

    A trigger deletes them with their contact: a foreign key cost more than all the rest.
    """

    __tablename__ = "contact_tokens"
    __table_args__ = (
        CheckConstraint(f"kind IN ({_KINDS})", name="kind"),
        Index("ix_contact_tokens_tenant_id_contact_id", "tenant_id", "contact_id"),
    )

    kind: Mapped[str] = mapped_column(
        Text, primary_key=True, info=impersonal("what a token stands for")
    )
    token: Mapped[int] = mapped_column(BigInteger, primary_key=True, info=_CONTACT)
    contact_id: Mapped[uuid.UUID] = mapped_column(
        UUID(as_uuid=True), primary_key=True, info=impersonal("keyed digest, or random id")
    )


for _column in ("sealed", "document_sealed"):
    register(SealedColumn("contacts", _column, Scope.CONTACTS, "contact", version_column="version"))
