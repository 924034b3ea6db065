"""Contacts that people and programs enter themselves: add, change, delete.

What comes from a connected system is changed there; here it would be overwritten by its next news.
"""

import uuid
from dataclasses import dataclass

from sqlalchemy import update

from connector.contacts.checks import check_contact
from connector.contacts.findings import findings_of
from connector.contacts.shelf import CONTACTS
from connector.synced.drafts import Draft, digest_of
from connector.synced.kept import Kept, encode_kept
from connector.synced.read import find_record
from connector.synced.remove import end_records
from connector.synced.shapes import Contact
from connector.synced.shelves import Circumstances
from connector.synced.views import RecordView
from connector.synced.writes import Origin, insert_drafts, update_drafts
from privacy.core.db.declarations import Subjects
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Conflict, Invalid
from privacy.core.ids import new_id
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.profiles.data import Source
from privacy.restrictions.standing import refuse_restricted
from privacy.vault.keyring import Keyring
from privacy.vault.labels import Index

_STREAM = "by_hand"


class BelongsToSystem(Conflict):
    """It comes from a connected system."""

    code = "belongs_to_system"
    message = "This contact comes from a connected system. Change it there."


class ChangedMeanwhile(Conflict):
    """Somebody else changed it first."""

    code = "changed_meanwhile"
    message = "This contact was changed meanwhile. Read it again, then repeat the change."


@dataclass(frozen=True, slots=True)
class Entry:
    """What is entered: the contact, where it is from (promise A6), how its numbers are read."""

    contact: Contact
    source: Source = Source.CUSTOMER
    source_name: str | None = None
    region: str = "FI"

    def check(self) -> None:
        """Raise Invalid or CardNumber where something is wrong."""
        check_contact(self.contact, region=self.region)
        if (self.source is Source.PUBLIC) != bool(self.source_name):
            raise Invalid(fields={"source_name": "Name the public source, and only that."})
        if len(self.source_name or "") > 100:
            raise Invalid(fields={"source_name": "Use up to 100 characters."})


def create_contact(work: UnitOfWork, *, vault: Keyring, entry: Entry) -> uuid.UUID:
    """Add a contact. Raises Invalid, CardNumber."""
    entry.check()
    identifier = new_id()
    origin = Origin(
        None, _STREAM, Subjects.CUSTOMERS_OF_CUSTOMERS, entry.source, entry.source_name or None
    )
    draft = _draft(work, vault, identifier, entry)
    insert_drafts(work, vault=vault, shelf=CONTACTS, origin=origin, drafts=[draft])
    record(work, Event.CONTACT_CREATED, subject=identifier)
    return identifier


def change_contact(
    work: UnitOfWork, *, vault: Keyring, contact_id: uuid.UUID, entry: Entry, version: int | None
) -> int:
    """Put `entry` in the place of what is stored (promise C3). Returns the new version.

    Args:
        version: the version that the change was made from; None changes whatever there is.

    Raises:
        NotFound, BelongsToSystem, ChangedMeanwhile, Invalid, CardNumber.
        ProcessingRestricted: it is of a person whose data is stored only.
    """
    stored = _own(work, vault, contact_id)
    emails, numbers = stored.record.emails, stored.numbers
    refuse_restricted(work, vault, emails=emails, phones=numbers)
    return put_contact(work, vault=vault, contact_id=contact_id, entry=entry, version=version)


def put_contact(
    work: UnitOfWork, *, vault: Keyring, contact_id: uuid.UUID, entry: Entry, version: int | None
) -> int:
    """The same for what the person itself asks for, restricted or not (GDPR Art. 16)."""
    entry.check()
    stored = _own(work, vault, contact_id)
    if version is not None and version != stored.version:
        raise ChangedMeanwhile
    draft = _draft(work, vault, contact_id, entry)
    following = stored.version + 1
    update_drafts(work, vault=vault, shelf=CONTACTS, drafts=[draft], versions=[following])
    c = CONTACTS.table.c
    told = {"source": entry.source.value, "source_name": entry.source_name or None}
    work.connection.execute(
        update(CONTACTS.table).where(c.tenant_id == work.tenant_id, c.id == contact_id).values(told)
    )
    record(work, Event.CONTACT_CHANGED, subject=contact_id)
    return following


def delete_contact(work: UnitOfWork, *, vault: Keyring, contact_id: uuid.UUID) -> None:
    """Erase a contact. Raises NotFound, BelongsToSystem."""
    _own(work, vault, contact_id)
    end_records(work, CONTACTS.table, CONTACTS.table.c.id == contact_id)
    record(work, Event.CONTACT_DELETED, subject=contact_id)


def _own(work: UnitOfWork, vault: Keyring, contact_id: uuid.UUID) -> RecordView[Contact]:
    view = find_record(work, vault=vault, shelf=CONTACTS, record_id=contact_id, lock=True)
    if not view.by_hand:
        raise BelongsToSystem
    return view


def _draft(work: UnitOfWork, vault: Keyring, identifier: uuid.UUID, entry: Entry) -> Draft:
    seen = Circumstances(region=entry.region, today=work.today)
    findings = findings_of(entry.contact, "", seen)
    plain = encode_kept(Kept("", entry.contact, findings.numbers))
    digest = digest_of(vault.tenant_index(work, Index.CONTENT), identifier.bytes, plain, b"")
    return Draft(identifier.bytes, None, plain, b"", digest, None, findings)
