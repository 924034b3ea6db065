"""Show the operator a mail that could not be sent, and say so in the ledger."""

import uuid

from sqlalchemy import select

from privacy.core.db.work import UnitOfWork
from privacy.core.errors import NotFound
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.mails.kinds import MailState
from privacy.mails.letters import Letter
from privacy.mails.models import Mail
from privacy.mails.sealed_mails import open_letter
from privacy.vault.keyring import Keyring


def read_kept(work: UnitOfWork, ring: Keyring, *, mail_id: uuid.UUID) -> Letter:
    """Open a kept mail. A mail that a server takes is for its recipient only.

    Raises:
        NotFound: there is none such, it was sent, or its time is over.
        OpenError: it was tampered with.
    """
    mail = work.session.scalar(
        select(Mail).where(
            Mail.tenant_id == work.tenant_id,
            Mail.id == mail_id,
            Mail.state == MailState.KEPT,
            Mail.expires_at > work.now,
        )
    )
    if mail is None:
        raise NotFound
    record(work, Event.MAIL_VIEWED, subject=mail.id, facts={"kind": mail.kind})
    return open_letter(work, ring, mail)
