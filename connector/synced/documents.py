"""The documents that records were read from, for whoever a record is about (GDPR Art. 15(3))."""

import uuid
from collections.abc import Collection

from sqlalchemy import select

from connector.synced.shelves import S, Shelf
from connector.synced.views import open_column
from privacy.core.db.work import UnitOfWork
from privacy.vault.keyring import Keyring


def received_documents(
    work: UnitOfWork, vault: Keyring, shelf: Shelf[S], ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, str]:
    """As they came, by record; what is held for a law alone has none any more."""
    c = shelf.table.c
    found = select(c.id, c.version, c.document_sealed).where(
        c.tenant_id == work.tenant_id, c.id.in_(ids), c.document_sealed.is_not(None)
    )
    rows = work.connection.execute(found).all()
    values = [(row.id.bytes, row.version, row.document_sealed) for row in rows]
    plain = open_column(work, vault, shelf, values, "document_sealed")
    return {row.id: text.decode("utf-8", "replace") for row, text in zip(rows, plain, strict=True)}
