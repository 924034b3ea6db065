"""The content of a document: sealed until it is sent, dropped then."""

import msgspec

from connector.outgoing.models import OutgoingDocument
from connector.outgoing.shapes import OUTGOING, Outgoing, OutgoingKind
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Gone
from privacy.vault.keyring import Keyring
from privacy.vault.labels import Index, Scope
from privacy.vault.meanings import Meaning


def encode(thing: Outgoing) -> bytes:
    """In one spelling, so that the same is recognised."""
    return msgspec.json.encode(thing, order="deterministic")


def seal_content(work: UnitOfWork, vault: Keyring, row: OutgoingDocument, thing: Outgoing) -> None:
    """Put it into the row, with a digest by which the same is recognised afterwards."""
    row.content_sealed = vault.seal(work, Scope.DOCUMENTS, _meaning(row), encode(thing))
    row.content_digest = digest_of(work, vault, thing)


def open_content(work: UnitOfWork, vault: Keyring, row: OutgoingDocument) -> Outgoing:
    """What is to be sent. Raises Gone when it was, OpenError when it was changed outside."""
    if row.content_sealed is None:
        raise Gone
    text = vault.open(work, Scope.DOCUMENTS, _meaning(row), row.content_sealed)
    return msgspec.json.decode(text, type=OUTGOING[OutgoingKind(row.kind)])


def digest_of(work: UnitOfWork, vault: Keyring, thing: Outgoing) -> bytes:
    """Keyed: an invoice could be guessed."""
    return vault.tenant_index(work, Index.CONTENT).digest(encode(thing))


def _meaning(row: OutgoingDocument) -> Meaning:
    return Meaning("outgoing", row.tenant_id, "outgoing_documents", row.id, "content_sealed")
