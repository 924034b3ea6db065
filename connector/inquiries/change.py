"""Close a thread, open it again, put it aside as spam, note something, hear from the person."""

import uuid

from connector.inquiries.contents import Message
from connector.inquiries.declared import CARD, LONGEST
from connector.inquiries.erase import erase_inquiry
from connector.inquiries.find import find_inquiry
from connector.inquiries.messages import add_message, move_end
from connector.inquiries.models import Inquiry
from connector.inquiries.states import InquiryState, check_step
from connector.inquiries.texts import many_lines
from connector.synced.cards import holds_card
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.vault.keyring import Keyring


def move_inquiry(work: UnitOfWork, *, inquiry_id: uuid.UUID, to: InquiryState) -> None:
    """Put a thread into another state. Spam ends sooner; taken back, it ends as before.

    Raises:
        NotFound; IllegalStep: the state does not follow from the present one.
    """
    row = find_inquiry(work, inquiry_id, lock=True)
    check_step(row.state, to)
    set_state(work, row, to)


def set_state(work: UnitOfWork, row: Inquiry, to: InquiryState) -> None:
    """Write the state, move the end, say it in the ledger."""
    row.state = to.value
    move_end(work, row)
    work.session.flush()
    record(work, Event.INQUIRY_CHANGED, subject=row.id, facts={"to": to.value})


def add_note(work: UnitOfWork, *, vault: Keyring, inquiry_id: uuid.UUID, text: str) -> None:
    """A remark among the tenant's people. It does not lengthen the life of the thread."""
    row = find_inquiry(work, inquiry_id, lock=True)
    add_message(work, vault=vault, row=row, way="note", message=Message(checked_text(text)))
    record(work, Event.INQUIRY_CHANGED, subject=row.id, facts={"to": "noted"})


def add_heard(work: UnitOfWork, *, vault: Keyring, inquiry_id: uuid.UUID, text: str) -> None:
    """What the person said since, by telephone or mail; the thread is open again."""
    row = find_inquiry(work, inquiry_id, lock=True)
    if row.state != InquiryState.OPEN:
        check_step(row.state, InquiryState.OPEN)
        row.state = InquiryState.OPEN.value
    add_message(work, vault=vault, row=row, way="in", message=Message(checked_text(text)))
    record(work, Event.INQUIRY_CHANGED, subject=row.id, facts={"to": "heard"})


def withdraw_consent(work: UnitOfWork, *, inquiry_id: uuid.UUID) -> None:
    """The person takes back the leave to use an unofficial channel: the thread is erased at once.

    Raises:
        NotFound; Invalid: the thread rests on no such consent.
    """
    row = find_inquiry(work, inquiry_id, lock=True)
    if row.consent_at is None:
        raise Invalid("This inquiry rests on no consent.", code="no_consent")
    record(work, Event.INQUIRY_CONSENT_WITHDRAWN, subject=row.id)
    erase_inquiry(work, inquiry_id=inquiry_id, because="consent_withdrawn")


def checked_text(text: str) -> str:
    """A message as it is kept. Raises Invalid: it is empty or too long."""
    tidy = many_lines(text)
    if not tidy:
        raise Invalid(fields={"text": "Write something."})
    if len(tidy) > LONGEST["message"]:
        raise Invalid(fields={"text": f"Use at most {LONGEST['message']} characters."})
    if holds_card((tidy,)):
        raise Invalid(fields={"text": CARD})
    return tidy
