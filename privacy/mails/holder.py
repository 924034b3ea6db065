"""Mails to a person that have not been destroyed yet.

Addresses are sealed and have no token: each mail of the last seven days is opened and compared.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from sqlalchemy import delete, select

from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid
from privacy.identities.shapes import Identity
from privacy.mails.kinds import MailKind
from privacy.mails.models import Mail
from privacy.mails.sealed_mails import open_address, open_letter
from privacy.subjects.holders import Erased, HeldRecord, Subject
from privacy.subjects.words import Because
from privacy.vault.keyring import Keyring

ANSWERS: Final = frozenset(
    {
        MailKind.SUBJECT_RECEIVED,
        MailKind.SUBJECT_CODE,
        MailKind.SUBJECT_EXTENDED,
        MailKind.SUBJECT_REFUSED,
        MailKind.SUBJECT_ANSWERED,
        MailKind.SUBJECT_READY,
    }
)
"""What is written to the person about the very request."""


class MailHolder:
    """Mails, for seven days."""

    name = "mails"
    title = "Mails to you"
    tables = frozenset({"mails"})
    recipients = ("The operator's mail server",)

    def find(self, work: UnitOfWork, vault: Keyring, subject: Subject) -> int:
        """See privacy.subjects.holders.Holder."""
        return sum(1 for _ in _mine(work, vault, subject))

    def collect(self, work: UnitOfWork, vault: Keyring, subject: Subject) -> Iterable[HeldRecord]:
        """What has left is kept without its text; codes are told to nobody twice."""
        for mail in _mine(work, vault, subject):
            fields = {
                "to": open_address(work, vault, mail),
                "kind": mail.kind,
                "state": mail.state,
                "written_at": mail.created_at.isoformat(),
            }
            if mail.body_sealed is not None and mail.kind == MailKind.INQUIRY_ANSWER:
                letter = open_letter(work, vault, mail)
                fields |= {"subject": letter.subject, "text": letter.body}
            until = mail.expires_at.date().isoformat()
            yield HeldRecord(fields, "us", provided=False, until=until)

    def erase(self, work: UnitOfWork, vault: Keyring, subject: Subject) -> Erased:
        """All but what answers the person now."""
        mails = list(_mine(work, vault, subject))
        kept = [mail for mail in mails if mail.kind in ANSWERS]
        ids = [mail.id for mail in mails if mail.kind not in ANSWERS]
        work.session.execute(delete(Mail).where(Mail.id.in_(ids)))
        until = max([mail.expires_at.date() for mail in kept], default=None)
        return Erased(len(ids), len(kept), Because.SENDING, until)


def _mine(work: UnitOfWork, vault: Keyring, subject: Subject) -> Iterator[Mail]:
    if not subject.email:
        return
    living = select(Mail).where(Mail.expires_at > work.now).order_by(Mail.id)
    for mail in work.session.scalars(living):
        if _is(open_address(work, vault, mail), subject.email):
            yield mail


def _is(address: str, email: str) -> bool:
    try:
        return Identity.email(address).text == email
    except Invalid:
        return False
