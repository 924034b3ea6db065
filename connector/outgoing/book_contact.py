"""Bring a contact into connected books: added there once, and changed there from then on.

A customer of a cloud, or a contact that was entered here, gets invoices only from books that know
it. What the books said of it before stays, where the contact says nothing.
"""

import uuid
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from sqlalchemy import select

from connector.accounts.find import find_account, list_accounts
from connector.accounts.kinds import AccountKind
from connector.accounts.models import ConnectorAccount
from connector.contacts.shelf import CONTACTS
from connector.outgoing.contents import encode
from connector.outgoing.models import OutgoingDocument
from connector.outgoing.request import Requested, send_customer
from connector.outgoing.shapes import OutgoingCustomer
from connector.synced.columns import RecordState
from connector.synced.read import find_record
from connector.synced.shapes import Contact
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Conflict, Invalid
from privacy.vault.keyring import Keyring

TAKES_CUSTOMERS: Final = frozenset({AccountKind.NETVISOR})


class NotToBeBooked(Conflict):
    """It comes from these very books, or is kept for the law alone."""

    code = "contact_not_to_be_booked"
    message = "This contact cannot be brought into these books: it comes from them, or it is held."


class StillOnItsWay(Conflict):
    """It is not there yet, so nothing of it can be changed there."""

    code = "contact_on_its_way"
    message = "This contact is still being added there. Look at what is sent, then try again."


@dataclass(frozen=True, slots=True)
class Booking:
    """Which books, and the customer's number there."""

    account_id: uuid.UUID
    code: str


def books_for(work: UnitOfWork, account_id: uuid.UUID | None) -> list[ConnectorAccount]:
    """The books that a contact of `account_id` can be brought into."""
    taking = (row for row in list_accounts(work) if AccountKind(row.kind) in TAKES_CUSTOMERS)
    return [row for row in taking if row.id != account_id]


def booked_as(work: UnitOfWork, contact_id: uuid.UUID) -> list[OutgoingDocument]:
    """What adds it, in each of the books."""
    wanted = OutgoingDocument.reference == _first(contact_id)
    found = select(OutgoingDocument).where(wanted).order_by(OutgoingDocument.id)
    return list(work.session.scalars(found))


def book_contact(
    work: UnitOfWork, *, vault: Keyring, contact_id: uuid.UUID, booking: Booking
) -> Requested:
    """Have it added; once it is there, have it changed to what it is now, once for each state.

    Raises:
        NotFound: no such contact or account. NotToBeBooked. StillOnItsWay.
        Invalid: `details["fields"]` names the number.
        ProcessingRestricted: the person's data is stored only.
    """
    # The lock lets two who click at once go one after the other.
    view = find_record(work, vault=vault, shelf=CONTACTS, record_id=contact_id, lock=True)
    find_account(work, booking.account_id)
    possible = {row.id for row in books_for(work, view.account_id)}
    if view.state is RecordState.HELD or booking.account_id not in possible:
        raise NotToBeBooked
    known = [one for one in booked_as(work, contact_id) if one.account_id == booking.account_id]
    if known and known[0].external_id is None:
        raise StillOnItsWay
    there = known[0].external_id or "" if known else ""
    customer = _customer(view.record, booking.code.strip(), there)
    reference = _first(contact_id) if not there else _following(contact_id, customer)
    return send_customer(
        work,
        vault=vault,
        account_id=booking.account_id,
        reference=reference,
        customer=customer,
    )


def _first(contact_id: uuid.UUID) -> str:
    return f"contact:{contact_id}"


def _following(contact_id: uuid.UUID, customer: OutgoingCustomer) -> str:
    """One name for one state of a contact, which says nothing of it: its id is random."""
    said = sha256(contact_id.bytes + encode(customer)).hexdigest()[:16]
    return f"{_first(contact_id)}:{said}"


def _customer(contact: Contact, code: str, there: str) -> OutgoingCustomer:
    if not code:
        raise Invalid(fields={"code": "Give the customer a number."})
    return OutgoingCustomer(
        external_id=there,
        code=code,
        name=contact.name,
        is_person=contact.is_person,
        contact_person=contact.contact_person,
        email=next(iter(contact.emails), ""),
        phone=next(iter(contact.phones), ""),
        address=contact.address,
        company_register_number=contact.company_register_number,
    )
