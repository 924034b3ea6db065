"""Requests by e-mail (promise C7): the privacy mailbox makes a request, and the clock runs.

What is asked is guessed from the words, for the receipt to go out at once; people read the mail
as it was written, and put the kind right before the person is identified. Nothing is disclosed
or erased because of a mail alone: the code goes to the address that it came from.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select

from connector.inquiries.replies import CARD
from connector.inquiries.texts import many_lines
from connector.subjects.registry import clerk_of
from connector.synced.cards import holds_card
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid
from privacy.identities.people import Person
from privacy.identities.shapes import Identity
from privacy.identities.tokens import tokens_of
from privacy.mailboxes.addresses import address_for
from privacy.mailboxes.purposes import MailPurpose
from privacy.mailboxes.receivers import Outcome
from privacy.mailboxes.shapes import Incoming
from privacy.subjects.models import SubjectRequest
from privacy.subjects.receive import WISH_LONGEST, Asked, receive_request
from privacy.subjects.words import RequestChannel, RequestKind
from privacy.vault.keyring import Keyring
from tenants.tenants.subscribed import subscribed_services

MOST_A_DAY: Final = 3
"""Requests of one address that one day makes; more are one person's impatience."""
BELIEVED: Final = timedelta(days=7)
"""How far back a mail's own date counts: the mailbox may have been away for so long."""
_WORDS: Final = {
    RequestKind.ERASURE: ("eras", "delete", "poist", "rader", "lösch", "loesch"),
    RequestKind.RECTIFICATION: ("rectif", "correct", "oikais", "korja", "rätta", "berichtig"),
    RequestKind.RESTRICTION: ("restrict", "rajoit", "begräns", "einschränk"),
    RequestKind.PORTABILITY: ("portab", "siirt", "dataportab", "übertrag"),
    RequestKind.PROCESSING: ("object", "vastust", "invänd", "widersp"),
}
"""Beginnings of words in English, Finnish, Swedish and German; access where there is none."""


@dataclass(frozen=True, slots=True)
class RequestReceiver:
    """Takes mails to a tenant's address for requests; see privacy.mailboxes.receivers.

    Args:
        sending: whether a mail server is configured, for the receipt.
    """

    sending: bool

    def receive(
        self, work: UnitOfWork, vault: Keyring, *, about: uuid.UUID, mail: Incoming
    ) -> Outcome:
        """Make a request of a mail; the person gets a receipt with the due day, and a code."""
        services = subscribed_services(work)
        if about != work.tenant_id or not services:
            return Outcome.TOO_LATE
        if mail.automatic is not None:
            return Outcome.AUTOMATIC
        if not mail.sender or _came_today(work, vault, mail.sender) >= MOST_A_DAY:
            return Outcome.REFUSED
        text = _text_of(mail)
        asked = Asked(
            kind=kind_of(text),
            channel=RequestChannel.EMAIL,
            person=Person(email=Identity.email(mail.sender).text),
            service=services[0],
            received_at=_received(work.now, mail.sent_at),
            wish=text,
        )
        try:
            receive_request(work, clerk_of(work, vault, sending=self.sending), asked)
        except Invalid:
            return Outcome.REFUSED
        return Outcome.TAKEN


def _text_of(mail: Incoming) -> str:
    """As it is kept: tidied, and without a payment card's number (promise A7)."""
    text = many_lines(f"{mail.subject}\n\n{mail.text}")[:WISH_LONGEST].rstrip()
    return CARD if holds_card((text,)) else text


def request_address(work: UnitOfWork, vault: Keyring, *, mailbox: str) -> str:
    """Where people write to, to ask the bound tenant about their data; always the same."""
    purpose = MailPurpose.SUBJECT_REQUEST
    return address_for(work, vault, mailbox=mailbox, purpose=purpose, about=work.tenant_id)


def kind_of(text: str) -> RequestKind:
    """What a mail seems to ask for: the first such word decides."""
    plain = text.casefold()
    found = [
        (at, kind)
        for kind, words in _WORDS.items()
        for word in words
        if (at := plain.find(word)) >= 0
    ]
    return min(found, default=(0, RequestKind.ACCESS))[1]


def _received(now: datetime, said: datetime | None) -> datetime:
    """The clock starts when it reached the mailbox: no later than now, and not long ago."""
    return now if said is None else min(max(said, now - BELIEVED), now)


def _came_today(work: UnitOfWork, vault: Keyring, sender: str) -> int:
    (token,) = tokens_of(work, vault, [Identity.email(sender)])
    found = select(func.count(SubjectRequest.id)).where(
        SubjectRequest.email_token == token,
        SubjectRequest.channel == RequestChannel.EMAIL.value,
        SubjectRequest.recorded_at > work.now - timedelta(days=1),
    )
    return work.session.scalar(found) or 0
