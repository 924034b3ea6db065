"""Answer a thread by mail (promise A10)."""

import uuid
from collections.abc import Callable
from typing import Final

from connector.inquiries.change import checked_text
from connector.inquiries.contents import Message
from connector.inquiries.find import find_inquiry
from connector.inquiries.messages import add_message
from connector.inquiries.models import Inquiry
from connector.inquiries.seals import open_contact
from connector.inquiries.states import InquiryState, check_step
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.mailboxes.addresses import address_for, expect_answers
from privacy.mailboxes.purposes import MailPurpose
from privacy.mails.compose import compose
from privacy.mails.kinds import MailKind
from privacy.vault.keyring import Keyring
from tenants.emails import checked
from tenants.tenants.views import view_tenant

DEFAULT_LANGUAGE: Final = "en"
Count = Callable[[str], None]


class NoAddress(Invalid):
    """The person gave no e-mail address."""

    code = "no_email"
    message = "No e-mail address was given. Call instead, and note what was said."


def answer_inquiry(
    work: UnitOfWork,
    *,
    vault: Keyring,
    inquiry_id: uuid.UUID,
    text: str,
    answers_to: str | None,
    mailbox: str | None = None,
    sending: bool,
) -> uuid.UUID:
    """Write the answer into the thread and as a mail, both or neither.

    Args:
        answers_to: where the person's reply goes (Reply-To, RFC 5322 §3.6.2); None: into the
            thread, by its own address.
        mailbox: address of the mailbox that is read for replies; None where there is none.
        sending: whether a mail server is configured; without one the mail is kept for the operator.

    Returns:
        The message's id.

    Raises:
        NotFound; NoAddress; Invalid: the text or `answers_to`; IllegalStep: it is spam.
    """
    row = find_inquiry(work, inquiry_id, lock=True)
    if row.state != InquiryState.ANSWERED:
        check_step(row.state, InquiryState.ANSWERED)
    body, reply_to = checked_text(text), _reply_to(work, vault, row, answers_to, mailbox)
    mail_id = _mail(work, vault, row, body, reply_to, sending=sending)
    row.state = InquiryState.ANSWERED.value
    if mailbox is not None:
        expect_answers(work, purpose=MailPurpose.INQUIRY, about=row.id, mail_id=mail_id)
    said = Message(body)
    message = add_message(work, vault=vault, row=row, way="out", message=said, mail_id=mail_id)
    record(work, Event.INQUIRY_ANSWERED, subject=row.id)
    return message


def _mail(
    work: UnitOfWork, vault: Keyring, row: Inquiry, body: str, reply_to: str, *, sending: bool
) -> uuid.UUID:
    contact = open_contact(work, vault, row)
    if contact.email is None:
        raise NoAddress
    tenant = view_tenant(vault, work).name
    values = {"tenant": tenant, "reference": row.reference, "text": body}
    return compose(
        work,
        vault,
        to=contact.email,
        kind=MailKind.INQUIRY_ANSWER,
        values=values,
        language=contact.language or DEFAULT_LANGUAGE,
        reply_to=reply_to,
        sending=sending,
    )


def _reply_to(
    work: UnitOfWork, vault: Keyring, row: Inquiry, address: str | None, mailbox: str | None
) -> str:
    if not address and mailbox is not None:
        purpose = MailPurpose.INQUIRY
        return address_for(work, vault, mailbox=mailbox, purpose=purpose, about=row.id)
    try:
        return checked(address or "")
    except Invalid:
        raise Invalid(
            fields={"answers_to": "Enter an e-mail address at which replies are read."}
        ) from None
