"""Free fields of one contact or inquiry, as people and programs of the tenant see and fill them."""

import uuid
from collections.abc import Mapping

from connector.contacts.shelf import CONTACTS
from connector.free_fields.checks import NotDeclared
from connector.free_fields.kinds import About
from connector.free_fields.services import takes_fields
from connector.free_fields.values import FilledField, read_values, set_values
from connector.inquiries.find import find_inquiry
from connector.inquiries.views import head_of
from connector.synced.read import find_record
from privacy.core.db.work import UnitOfWork
from privacy.profiles import profile
from privacy.restrictions.standing import ProcessingRestricted, refuse_restricted
from privacy.vault.keyring import Keyring


def fields_of(
    work: UnitOfWork, *, vault: Keyring, about: About, record_id: uuid.UUID
) -> list[FilledField]:
    """Every declared field of a record; none where its service's policy knows no such fields, and
    none of a person whose data is stored only (Art. 18).

    Raises:
        NotFound: no such record. OpenError: a value was changed outside the service.
    """
    try:
        _find(work, vault, about, record_id, lock=False)
    except (ProcessingRestricted, NotDeclared):
        return []
    return read_values(work, vault=vault, about=about, record_id=record_id)


def fill_fields(
    work: UnitOfWork,
    *,
    vault: Keyring,
    about: About,
    record_id: uuid.UUID,
    given: Mapping[str, str],
) -> int:
    """Fill in fields of a record. Returns how many values are different now.

    Raises:
        NotFound; NotDeclared; Invalid; ProcessingRestricted: its person's data is stored only.
    """
    _find(work, vault, about, record_id, lock=True)
    return set_values(work, vault=vault, about=about, record_id=record_id, given=given)


def _find(
    work: UnitOfWork, vault: Keyring, about: About, record_id: uuid.UUID, *, lock: bool
) -> None:
    if about is About.CONTACT:
        view = find_record(work, vault=vault, shelf=CONTACTS, record_id=record_id, lock=lock)
        refuse_restricted(work, vault, emails=view.record.emails, phones=view.numbers)
        return
    row = find_inquiry(work, record_id, lock=lock)
    if not takes_fields(profile(row.service), about):
        raise NotDeclared
    if head_of(work, vault, row).restricted:
        raise ProcessingRestricted
