"""Contacts of a person, and what leads from them to invoices, payments and subscriptions.

A contact is found by address or number. Whoever shares a company's contact shares its record: it
is given out and erased whole.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from connector.contacts.erase import erase_contact, record_tokens
from connector.contacts.kinds import TokenKind
from connector.contacts.search import contacts_matching
from connector.contacts.shelf import CONTACTS
from connector.contacts.write import Entry, put_contact
from connector.free_fields.kinds import About
from connector.free_fields.values import told_values
from connector.synced.documents import received_documents
from connector.synced.shapes import Contact
from connector.synced.views import RecordView
from privacy.core.db.work import UnitOfWork
from privacy.identities.people import Person
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.profiles.data import Source
from privacy.subjects.corrections import Correction
from privacy.subjects.holders import Erased, HeldRecord, Subject
from privacy.vault.keyring import Keyring
from tenants.emails import folded


class ContactHolder:
    """Customers and prospects of the tenant."""

    name = "contacts"
    title = "Contact data"
    tables = frozenset({"contacts", "contact_tokens", "free_values"})
    recipients: tuple[str, ...] = ()

    def find(self, work: UnitOfWork, vault: Keyring, subject: Subject) -> int:
        """See privacy.subjects.holders.Holder."""
        return len(_contacts(work, vault, subject.person))

    def collect(self, work: UnitOfWork, vault: Keyring, subject: Subject) -> Iterable[HeldRecord]:
        """See privacy.subjects.holders.Holder."""
        found = _contacts(work, vault, subject.person)
        documents = received_documents(work, vault, CONTACTS, [view.id for view in found])
        for view in found:
            fields: dict[str, Any] = msgspec.to_builtins(view.record)
            if view.id in documents:
                fields["source_document"] = documents[view.id]
            own = told_values(work, vault=vault, about=About.CONTACT, record_id=view.id)
            if own:
                fields["other_information"] = own
            yield HeldRecord(fields, view.source_name or view.source)

    def erase(self, work: UnitOfWork, vault: Keyring, subject: Subject) -> Erased:
        """With what is about them, and so that no connected system brings them back."""
        found = _contacts(work, vault, subject.person)
        for view in found:
            erase_contact(work, vault=vault, contact_id=view.id)
        return Erased(len(found))

    def rectify(
        self, work: UnitOfWork, vault: Keyring, subject: Subject, correction: Correction
    ) -> int:
        """What was entered here. What a connected system brings is changed there, and people are
        told to (see connector.subjects.recipients): here its next news would undo it."""
        own = [one for one in _contacts(work, vault, subject.person) if one.by_hand]
        for view in own:
            contact = _corrected(view.record, subject.person, view.numbers, correction)
            entry = Entry(contact, Source(view.source), view.source_name)
            put_contact(work, vault=vault, contact_id=view.id, entry=entry, version=view.version)
            record(work, Event.RECORD_RECTIFIED, subject=view.id, facts={"relation": "contacts"})
        return len(own)

    def trace(self, work: UnitOfWork, vault: Keyring, person: Person) -> tuple[int, ...]:
        """What records are about that are the person's: their contacts, and those's invoices."""
        tokens: dict[int, None] = {}
        for view in _contacts(work, vault, person):
            if view.account_id is not None:
                found = record_tokens(work, vault, view.account_id, view)
                tokens |= dict.fromkeys(found)
        return tuple(tokens)

    def ties(self, work: UnitOfWork, vault: Keyring, person: Person) -> bool:
        """Whether a contact has both this address and this number, and no other of either."""
        return any(
            person.phone in view.numbers and _only(view.record.emails, person.email)
            for view in _contacts(work, vault, person)
        )


def _corrected(
    contact: Contact, person: Person, numbers: Sequence[str], correction: Correction
) -> Contact:
    """Their own address and number are replaced; a colleague's beside them stay."""
    changed: dict[str, Any] = {}
    if correction.email:
        kept = [one for one in contact.emails if folded(one) != folded(person.email)]
        changed["emails"] = (correction.email, *kept)
    if correction.phone:
        changed["phones"] = (correction.phone, *(one for one in numbers if one != person.phone))
    if correction.name:
        changed["name" if contact.is_person else "contact_person"] = correction.name
    if correction.company and not contact.is_person:
        changed["name"] = correction.company
    return msgspec.structs.replace(contact, **changed)


def _only(emails: Iterable[str], email: str) -> bool:
    return {folded(one) for one in emails} == {folded(email)}


def _contacts(work: UnitOfWork, vault: Keyring, person: Person) -> list[RecordView[Contact]]:
    found: dict[Any, RecordView[Contact]] = {}
    ways = ((TokenKind.EMAIL, folded(person.email)), (TokenKind.PHONE, person.phone))
    for kind, word in ways:
        if word:
            views = contacts_matching(work, vault=vault, kind=kind, word=word)
            found |= {view.id: view for view in views}
    return [found[one] for one in sorted(found)]
