"""Identity documents of registrants: given for a check, and destroyed with its outcome (A14).

A domain owner's go to the registrar before a transfer: an entry is in the register of
disclosures first (E3), by which the registrar is told of a later correction (Art. 19).
"""

import uuid

from connector.registrations.check import NotActive
from connector.registrations.seals import open_details
from connector.registrations.views import find_registrant
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid, NotFound
from privacy.disclosures.record import record_disclosure
from privacy.disclosures.rules import document_fields
from privacy.disclosures.shapes import Disclosing
from privacy.documents.keep import Looked, give_document, list_documents, look_at_document
from privacy.identities.people import Person
from privacy.profiles import profile
from privacy.profiles.parts import DocumentUse
from privacy.profiles.sharing import Ground
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


def hand_to_registrar(
    work: UnitOfWork,
    vault: Keyring,
    *,
    registrant_id: uuid.UUID,
    document_id: uuid.UUID,
    recipient: str,
    reference: str,
    contact: str = "",
) -> uuid.UUID:
    """Enter that a domain owner's document goes to the registrar; the entry's id.

    Args:
        reference: the domain, or the transfer.
        contact: where the registrar is reached when something changes.

    Raises:
        NotFound: no such document of this registrant. NotGrounded: the privacy policy sends none.
        Invalid: it was given for something else, or something is missing.
    """
    row = find_registrant(work, registrant_id)
    given = {one.id: one for one in list_documents(work, subject_id=row.id)}
    if document_id not in given:
        raise NotFound
    if given[document_id].use is not DocumentUse.DOMAIN_TRANSFER:
        raise Invalid("Only what a domain owner gave for a transfer goes to the registrar.")
    details = open_details(work, vault, row)
    said = Disclosing(
        service=row.service,
        ground=Ground.REGISTRY,
        person=Person(email=details.email, name=details.name),
        recipient=recipient,
        reference=reference,
        fields=tuple(sorted(document_fields(profile(row.service)))),
        contact=contact,
        document=True,
    )
    return record_disclosure(work, vault, said)
