"""How the parts of an inquiry are sealed and opened, and the digests by which it is found."""

import uuid
from typing import Final

from connector.calls.numbers import canonical, identity_of
from connector.inquiries.contents import (
    Contact,
    Message,
    contact_of,
    encode,
    message_of,
)
from connector.inquiries.models import Inquiry, InquiryMessage
from privacy.core.db.work import UnitOfWork
from privacy.vault.keyring import Keyring
from privacy.vault.labels import Index, Scope
from privacy.vault.meanings import Meaning
from tenants.emails import folded

SCOPE: Final = Scope.INQUIRIES


def seal_contact(
    work: UnitOfWork, vault: Keyring, inquiry_id: uuid.UUID, contact: Contact
) -> bytes:
    """Whoever asks, sealed for their thread."""
    return vault.seal(work, SCOPE, _contact(work, inquiry_id), encode(contact))


def open_contact(work: UnitOfWork, vault: Keyring, row: Inquiry) -> Contact:
    """Whoever asked. Raises OpenError."""
    return contact_of(vault.open(work, SCOPE, _contact(work, row.id), row.contact_sealed))


def seal_message(
    work: UnitOfWork, vault: Keyring, message_id: uuid.UUID, message: Message
) -> bytes:
    """A message, sealed for its row."""
    return vault.seal(work, SCOPE, _message(work, message_id), encode(message))


def open_message(work: UnitOfWork, vault: Keyring, row: InquiryMessage) -> Message:
    """A message. Raises OpenError."""
    return message_of(vault.open(work, SCOPE, _message(work, row.id), row.text_sealed))


def email_digest(work: UnitOfWork, vault: Keyring, email: str | None) -> bytes | None:
    """What an address is found by, in whatever spelling it was typed."""
    if not email:
        return None
    return vault.tenant_index(work, Index.EMAIL).digest(folded(email).encode())


def telephone_digest(
    work: UnitOfWork, vault: Keyring, telephone: str | None, *, region: str
) -> bytes | None:
    """What a number is found by: +46 31…, 0046 31… and 031… are one (`region` reads the last)."""
    identity = identity_of(canonical(telephone, region)) if telephone else None
    if identity is None:
        return None
    return vault.tenant_index(work, Index.NUMBER).digest(identity.encode())


def _contact(work: UnitOfWork, inquiry_id: uuid.UUID) -> Meaning:
    return Meaning("inquiry contact", work.tenant_id, "inquiries", inquiry_id, "contact_sealed")


def _message(work: UnitOfWork, message_id: uuid.UUID) -> Meaning:
    return Meaning("inquiry message", work.tenant_id, "inquiry_messages", message_id, "text_sealed")
