"""Send one mail: read, hand over with no transaction open, write down how it went."""

import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlalchemy import select

from privacy.core.db.work import UnitOfWork
from privacy.core.errors import SiltaError
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.mails.errors import MailDeferred, MailRefused, MailSuppressed
from privacy.mails.kinds import MailKind, MailState
from privacy.mails.letters import Letter
from privacy.mails.models import Mail
from privacy.mails.purposes import check_unstopped
from privacy.mails.sealed_mails import open_letter
from privacy.mails.transport import Transport
from privacy.vault.errors import OpenError
from privacy.vault.keyring import Keyring

OpenWork = Callable[[], AbstractContextManager[UnitOfWork]]

MOST_ATTEMPTS = 8
"""As many as the job's policy has; after the last one the mail counts as failed."""

_TO_SEND = (MailState.WAITING, MailState.FAILED)


def send_mail(
    open_work: OpenWork, ring: Keyring, transport: Transport, *, mail_id: uuid.UUID
) -> bool:
    """Send a mail that waits, or one that failed and whose job is run again.

    A crash between the server's yes and our note repeats the mail, with the same Message-ID.

    Returns:
        Whether it was sent by this call; False when it was sent before, or is gone.

    Raises:
        MailDeferred: try again later; the attempt is counted.
        MailRefused: it will never leave; its state says so, and so does the ledger.
    """
    letter = _read(open_work, ring, mail_id)
    if letter is None:
        return False
    try:
        transport.send(letter, mail_id=mail_id)
    except (MailDeferred, MailRefused) as error:
        _note_failure(open_work, mail_id, error)
        raise
    _note_sent(open_work, mail_id)
    return True


def _read(open_work: OpenWork, ring: Keyring, mail_id: uuid.UUID) -> Letter | None:
    with open_work() as work:
        mail = _find(work, mail_id)
        if mail is None:
            return None
        refused: MailRefused
        try:
            letter = open_letter(work, ring, mail)
            check_unstopped(work, ring, kind=MailKind(mail.kind), to=letter.to)
        except OpenError:
            refused = MailRefused(code="mail_unreadable")
        except MailSuppressed as stopped:
            refused = stopped
        else:
            return letter
    _note_failure(open_work, mail_id, refused)
    raise refused


def _note_sent(open_work: OpenWork, mail_id: uuid.UUID) -> None:
    with open_work() as work:
        mail = _find(work, mail_id)
        if mail is not None:
            mail.state, mail.sent_at, mail.failure_code = MailState.SENT, work.now, None
            mail.subject_sealed = mail.body_sealed = mail.reply_to_sealed = None


def _note_failure(open_work: OpenWork, mail_id: uuid.UUID, error: SiltaError) -> None:
    with open_work() as work:
        mail = _find(work, mail_id)
        if mail is None:
            return
        mail.attempts += 1
        mail.failure_code = error.code
        if isinstance(error, MailRefused) or mail.attempts >= MOST_ATTEMPTS:
            mail.state = MailState.FAILED
            facts: dict[str, str | int] = {
                "kind": mail.kind,
                "code": error.code,
                "attempts": mail.attempts,
            }
            record(work, Event.MAIL_FAILED, subject=mail.id, facts=facts)


def _find(work: UnitOfWork, mail_id: uuid.UUID) -> Mail | None:
    return work.session.scalar(
        select(Mail)
        .where(
            Mail.tenant_id == work.tenant_id,
            Mail.id == mail_id,
            Mail.state.in_(_TO_SEND),
            Mail.expires_at > work.now,
        )
        .with_for_update()
    )
