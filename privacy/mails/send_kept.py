"""Once a mail server is configured: send what was kept."""

import uuid

from sqlalchemy import update

from privacy.core.db.work import UnitOfWork
from privacy.core.errors import NotFound
from privacy.mails.compose import enqueue_sending
from privacy.mails.kinds import MailState
from privacy.mails.models import Mail


def send_kept(work: UnitOfWork, *, mail_id: uuid.UUID) -> None:
    """Let one kept mail of `work`'s tenant wait for sending.

    Raises:
        NotFound: there is none such, it is waiting or sent already, or its time is over.
    """
    released = work.session.scalar(
        update(Mail)
        .where(
            Mail.tenant_id == work.tenant_id,
            Mail.id == mail_id,
            Mail.state == MailState.KEPT,
            Mail.expires_at > work.now,
        )
        .values(state=MailState.WAITING.value)
        .returning(Mail.id)
    )
    if released is None:
        raise NotFound
    enqueue_sending(work, mail_id)
