"""Write a mail in the transaction that needs it sent."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from privacy.core.db.work import UnitOfWork
from privacy.core.ids import new_id
from privacy.core.outbox.enqueue import enqueue
from privacy.core.outbox.names import JobName, Queue
from privacy.mails.kinds import MailKind, MailState
from privacy.mails.letters import write_letter
from privacy.mails.models import Mail
from privacy.mails.purposes import check_purpose
from privacy.mails.sealed_mails import seal_letter
from privacy.profiles import load_profiles
from privacy.vault.keyring import Keyring

KIND: Final = "mails"


def kept_for() -> timedelta:
    """Longest life of a mail's row, sent or not; every link in one ends earlier or then.

    Mails are the installation's own, whichever service they are of: the strictest decides.
    """
    told = [one.retention_days(KIND) for one in load_profiles().values() if one.declares(KIND)]
    return timedelta(days=min(told))


def compose(
    work: UnitOfWork,
    ring: Keyring,
    *,
    to: str,
    kind: MailKind,
    values: Mapping[str, str],
    language: str = "en",
    reply_to: str | None = None,
    services: Collection[str] = (),
    sending: bool,
) -> uuid.UUID:
    """Seal a mail and, where a mail server is configured (`sending`), the job that sends it.

    Args:
        services: on whose behalf; asked of the registers for what does not always go.

    Returns the mail's id, which is its Message-ID too.

    Raises:
        KeyError: a value that the template names is missing.
        MailSuppressed: the recipient objected, or did not agree (promise C10).
    """
    check_purpose(work, ring, kind=kind, to=to, services=services)
    mail_id = new_id()
    letter = write_letter(kind, to=to, language=language, values=values, reply_to=reply_to)
    row = Mail(
        tenant_id=work.tenant_id,
        id=mail_id,
        kind=kind.value,
        state=(MailState.WAITING if sending else MailState.KEPT).value,
        created_at=work.now,
        expires_at=work.now + kept_for(),
        **seal_letter(work, ring, mail_id, letter),
    )
    work.session.add(row)
    work.session.flush()
    if sending:
        enqueue_sending(work, mail_id)
    return mail_id


def enqueue_sending(work: UnitOfWork, mail_id: uuid.UUID) -> None:
    """Ask for one mail to be sent; asking twice sends once."""
    enqueue(
        work,
        name=JobName.MAIL_SEND,
        payload={"mail_id": str(mail_id)},
        queue=Queue.URGENT,
        dedupe_key=f"mail.send:{mail_id}",
    )


@dataclass(frozen=True, slots=True)
class SealingMailer:
    """`compose` as the floor above asks for it (tenants.notices.Mailer)."""

    ring: Keyring
    sending: bool
    """Whether a mail server is configured."""

    def __call__(
        self,
        work: UnitOfWork,
        *,
        to: str,
        notice: MailKind,
        language: str,
        values: Mapping[str, str],
    ) -> None:
        """Write one mail to `to`."""
        compose(
            work,
            self.ring,
            to=to,
            kind=notice,
            values=values,
            language=language,
            sending=self.sending,
        )
