"""What a mail's sealed columns mean, and how they are sealed and opened."""

import uuid

from privacy.core.db.work import UnitOfWork
from privacy.mails.letters import Letter
from privacy.mails.models import Mail
from privacy.vault.errors import OpenError
from privacy.vault.keyring import Keyring
from privacy.vault.labels import Scope
from privacy.vault.meanings import Meaning


def seal_letter(
    work: UnitOfWork, ring: Keyring, mail_id: uuid.UUID, letter: Letter
) -> dict[str, bytes]:
    """The sealed columns of a row."""
    values = {
        "to_sealed": letter.to,
        "subject_sealed": letter.subject,
        "body_sealed": letter.body,
    }
    if letter.reply_to is not None:
        values["reply_to_sealed"] = letter.reply_to
    return {
        column: ring.seal(work, Scope.MAILS, _meaning(work, mail_id, column), value.encode())
        for column, value in values.items()
    }


def open_letter(work: UnitOfWork, ring: Keyring, mail: Mail) -> Letter:
    """The letter of a row that still has one.

    Raises:
        OpenError: it has none any more, or it was tampered with.
    """
    to = _open(work, ring, mail.id, "to_sealed", mail.to_sealed)
    subject = _open(work, ring, mail.id, "subject_sealed", mail.subject_sealed)
    body = _open(work, ring, mail.id, "body_sealed", mail.body_sealed)
    reply_to = None
    if mail.reply_to_sealed is not None:
        reply_to = _open(work, ring, mail.id, "reply_to_sealed", mail.reply_to_sealed)
    return Letter(to, subject, body, reply_to)


def open_address(work: UnitOfWork, ring: Keyring, mail: Mail) -> str:
    """Whom a row's mail is to, its text gone or not. Raises OpenError."""
    return _open(work, ring, mail.id, "to_sealed", mail.to_sealed)


def _open(
    work: UnitOfWork, ring: Keyring, mail_id: uuid.UUID, column: str, sealed: bytes | None
) -> str:
    if sealed is None:
        raise OpenError
    return ring.open(work, Scope.MAILS, _meaning(work, mail_id, column), sealed).decode()


def _meaning(work: UnitOfWork, mail_id: uuid.UUID, column: str) -> Meaning:
    return Meaning("mail", work.tenant_id, "mails", mail_id, column)
