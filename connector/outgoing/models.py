"""Things to be added in outside systems: noted durably before, so that each is added once."""

import uuid
from datetime import datetime

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
)
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
from privacy.vault.labels import Scope
from privacy.vault.reseals import SealedColumn, register

_WHEN = "a moment in the sending of a document"


class OutgoingDocument(TenantOwned, Base):
    """One customer or invoice to add. Its content is dropped as soon as it is there.

    `reference` is the asker's own name for it: the same again adds nothing. `maybe_done`: an
    attempt may have arrived, so the next one looks first.
    """

    __tablename__ = "outgoing_documents"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "account_id"], ["connector_accounts.tenant_id", "connector_accounts.id"]
        ),
        UniqueConstraint("tenant_id", "account_id", "kind", "reference"),
        Index("ix_outgoing_documents_tenant_id_next_at", "tenant_id", "next_at"),
        CheckConstraint("kind IN ('customer', 'invoice')", name="kind"),
        CheckConstraint("state IN ('waiting', 'sending', 'sent', 'failed')", name="state"),
        CheckConstraint(
            "failure_kind IN ('configuration', 'transient', 'system')", name="failure_kind"
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(
        UUID(as_uuid=True), primary_key=True, info=impersonal("random id, the marker")
    )
    account_id: Mapped[uuid.UUID] = mapped_column(UUID(as_uuid=True), info=impersonal("random id"))
    kind: Mapped[str] = mapped_column(Text, info=impersonal("customer or invoice"))
    reference: Mapped[str] = mapped_column(
        Text, info=impersonal("the asker's own name of a document")
    )
    content_sealed: Mapped[bytes | None] = mapped_column(
        LargeBinary,
        info=personal(
            "user.financial",
            purpose=Purpose.DELIVERY,
            basis=LegalBasis.CONTRACT,
            retention=Retention.SUBSCRIPTION,
            subjects=Subjects.CUSTOMERS_OF_CUSTOMERS,
        ),
    )
    content_digest: Mapped[bytes] = mapped_column(
        LargeBinary, info=impersonal("keyed digest of a document, to recognise it")
    )
    state: Mapped[str] = mapped_column(
        Text, server_default="waiting", default="waiting", info=impersonal("state of a document")
    )
    maybe_done: Mapped[bool] = mapped_column(
        Boolean, server_default="false", default=False, info=impersonal("what is known of it")
    )
    attempts: Mapped[int] = mapped_column(
        Integer, server_default="0", default=0, info=impersonal("counter")
    )
    first_tried_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), info=impersonal(_WHEN)
    )
    tried_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), info=impersonal(_WHEN)
    )
    next_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), info=impersonal("before which no attempt is made")
    )
    external_id: Mapped[str | None] = mapped_column(
        Text, info=impersonal("the outside system's number of a document")
    )
    failure_code: Mapped[str | None] = mapped_column(Text, info=impersonal("a code"))
    failure_kind: Mapped[str | None] = mapped_column(Text, info=impersonal("who can mend it"))
    failure_text: Mapped[str | None] = mapped_column(
        Text, info=impersonal("our own constant words about a failure")
    )
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), info=impersonal(_WHEN))
    sent_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), info=impersonal(_WHEN)
    )


register(SealedColumn("outgoing_documents", "content_sealed", Scope.DOCUMENTS, "outgoing"))
