"""Once a mail server is configured: send what was kept."""

from sqlalchemy import update

from privacy.core.db.work import UnitOfWork
from privacy.mails.compose import enqueue_sending
from privacy.mails.kinds import MailState
from privacy.mails.models import Mail


def send_kept(work: UnitOfWork) -> int:
    """Let every kept mail of `work`'s tenant wait for sending. Returns how many."""
    moved = work.session.scalars(
        update(Mail)
        .where(
            Mail.tenant_id == work.tenant_id,
            Mail.state == MailState.KEPT,
            Mail.expires_at > work.now,
        )
        .values(state=MailState.WAITING.value)
        .returning(Mail.id)
    ).all()
    for mail_id in moved:
        enqueue_sending(work, mail_id)
    return len(moved)
