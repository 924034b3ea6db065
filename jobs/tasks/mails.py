"""mail.send: hand one mail over to the operator's mail server."""

from jobs.contexts import TaskContext
from privacy.core.errors import Misconfigured
from privacy.mails.send import send_mail
from privacy.mails.transport import SmtpTransport


def send(context: TaskContext) -> None:
    """Payload: mail_id. Waits, by its retries, while no mail server is configured."""
    settings, house = context.house.settings, context.house
    if settings.smtp_url is None:
        raise Misconfigured("SILTA_SMTP_URL is not set", code="no_mail_server")
    transport = SmtpTransport(settings.smtp_url, settings.mail_from)
    send_mail(context.work, house.vault, transport, mail_id=context.id_of("mail_id"))
