"""Events of inquiries, as far as an endpoint's use lets them be told (promise A13)."""

import uuid
from collections.abc import Mapping
from typing import Any

from connector.calls.numbers import canonical, identity_of
from connector.inquiries.find import find_inquiry
from connector.inquiries.seals import open_contact
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import NotFound
from privacy.suppressions.uses import OBJECTABLE, Use, known_ways, willing
from privacy.vault.keyring import Keyring


def inquiry_for(
    work: UnitOfWork, vault: Keyring, facts: Mapping[str, Any], use: Use
) -> Mapping[str, Any] | None:
    """The facts; None where who asked objected to `use`, or is gone. Raises OpenError."""
    if use not in OBJECTABLE:
        return facts
    try:
        row = find_inquiry(work, uuid.UUID(facts["inquiry_id"]))
    except NotFound:
        return None
    contact = open_contact(work, vault, row)
    number = identity_of(canonical(contact.telephone, "FI")) if contact.telephone else None
    person = known_ways(emails=[contact.email or ""], phones=[number or ""])
    left = willing(work, vault, use=use, things=[facts], people=[person], services=[row.service])
    return left[0] if left else None
