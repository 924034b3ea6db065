"""Once a mail server is configured: send what was kept."""

import uuid

from sqlalchemy import ColumnElement, update

from privacy.core.db.work import UnitOfWork
from privacy.core.errors import NotFound
from privacy.mails.compose import enqueue_sending
from privacy.mails.kinds import MailState
from privacy.mails.models import Mail


def send_kept(work: UnitOfWork) -> int:
    """Let every kept mail of `work`'s tenant wait for sending. Returns how many."""
    return _release(work)


def send_kept_one(work: UnitOfWork, *, mail_id: uuid.UUID) -> None:
    """Let one kept mail wait for sending.

    Raises:
        NotFound: there is none such, it is waiting or sent already, or its time is over.
    """
    if not _release(work, Mail.id == mail_id):
        raise NotFound


def _release(work: UnitOfWork, *which: ColumnElement[bool]) -> int:
    moved = work.session.scalars(
        update(Mail)
        .where(
            Mail.tenant_id == work.tenant_id,
            Mail.state == MailState.KEPT,
            Mail.expires_at > work.now,
            *which,
        )
        .values(state=MailState.WAITING.value)
        .returning(Mail.id)
    ).all()
    for mail_id in moved:
        enqueue_sending(work, mail_id)
    return len(moved)
