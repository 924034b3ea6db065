"""Whom a document to be sent is about."""

import uuid

from connector.calls.numbers import canonical
from connector.outgoing.shapes import Outgoing, OutgoingCustomer
from connector.synced.shapes import RecordKind
from connector.synced.shelves import about_token, source_index
from privacy.core.db.work import UnitOfWork
from privacy.restrictions.standing import ProcessingRestricted, refuse_restricted
from privacy.vault.keyring import Keyring


def refuse_if_restricted(
    work: UnitOfWork, vault: Keyring, account_id: uuid.UUID, thing: Outgoing
) -> None:
    """Raises ProcessingRestricted where it is about somebody whose data is stored only."""
    if isinstance(thing, OutgoingCustomer):
        country = thing.address.country if thing.address else ""
        number = canonical(thing.phone, country or "FI") if thing.phone else None
        refuse_restricted(work, vault, emails=(thing.email,), phones=(number,))
        return
    index = source_index(work, vault)
    token = about_token(index, account_id, RecordKind.CONTACTS, thing.customer)
    refuse_restricted(work, vault, tokens=(token,))


def is_restricted(work: UnitOfWork, vault: Keyring, account_id: uuid.UUID, thing: Outgoing) -> bool:
    """The same as an answer."""
    try:
        refuse_if_restricted(work, vault, account_id, thing)
    except ProcessingRestricted:
        return True
    return False
