"""Identity documents of registrants: given for a check, and destroyed with its outcome (A14)."""

import uuid

from connector.registrations.check import NotActive
from connector.registrations.views import find_registrant
from privacy.core.db.work import UnitOfWork
from privacy.documents.keep import Looked, give_document, look_at_document
from privacy.profiles.parts import DocumentUse
from privacy.vault.keyring import Keyring


def take_document(
    work: UnitOfWork,
    vault: Keyring,
    *,
    registrant_id: uuid.UUID,
    use: DocumentUse,
    content: bytes,
) -> uuid.UUID:
    """Seal what a registrant gave, until the check is decided; its id.

    Args:
        use: a doubtful registrant's, or a domain owner's before a transfer.

    Raises:
        NotFound; NotActive; Invalid: see privacy.documents.keep.
    """
    row = find_registrant(work, registrant_id, lock=True)
    if row.state != "active":
        raise NotActive
    return give_document(
        work, vault, subject_id=row.id, service=row.service, use=use, content=content
    )


def open_document(
    work: UnitOfWork, vault: Keyring, *, registrant_id: uuid.UUID, document_id: uuid.UUID
) -> Looked:
    """Look at one; said in the ledger. Raises NotFound."""
    row = find_registrant(work, registrant_id)
    return look_at_document(work, vault, subject_id=row.id, document_id=document_id)
