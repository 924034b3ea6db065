"""Find contacts that are stale or incomplete, by four rules (promise B6).

- bounced: a mail to one of its addresses was refused for good.
- vat_id: its VAT id is none of its country.
- missing: neither a telephone number nor an e-mail address.
- idle: nothing about it has changed for 24 months.

A decision counts until the contact changes; then it is looked at anew.
"""

import uuid
from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from sqlalchemy import and_, delete, exists, select, text
from sqlalchemy.dialects.postgresql import insert

from connector.contacts.kinds import TokenKind
from connector.contacts.models import Contact
from connector.contacts.tokens import contacts_with
from connector.stale.models import StaleFinding
from connector.synced.columns import Doubt, RecordState
from privacy.core.db.work import UnitOfWork
from privacy.core.ids import new_id
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.mails.errors import MailRefused
from privacy.mails.kinds import MailState
from privacy.mails.models import Mail
from privacy.mails.sealed_mails import open_address
from privacy.vault.keyring import Keyring
from tenants.emails import folded

IDLE: Final = timedelta(days=730)
MOST: Final = 2000
"""Contacts that one rule notes in one night; the rest comes the next."""

_RENEWED = text(
    "DELETE FROM stale_findings f USING contacts c WHERE f.tenant_id = :tenant "
    "AND c.tenant_id = f.tenant_id AND c.id = f.contact_id AND c.changed_at > f.found_at"
)


def find_stale(work: UnitOfWork, vault: Keyring) -> int:
    """Look at the bound tenant's contacts; how many findings are new."""
    work.connection.execute(_RENEWED, {"tenant": work.tenant_id})
    _drop_orphans(work)
    new = _note(work, "bounced", _bounced(work, vault))
    for rule, clause in (
        ("vat_id", Contact.doubts.op("&")(int(Doubt.VAT_ID)) != 0),
        ("missing", Contact.doubts.op("&")(int(Doubt.UNREACHABLE)) != 0),
        ("idle", Contact.changed_at < work.now - IDLE),
    ):
        noted = exists().where(
            and_(
                StaleFinding.tenant_id == Contact.tenant_id,
                StaleFinding.contact_id == Contact.id,
                StaleFinding.rule == rule,
            )
        )
        found = (
            select(Contact.id)
            .where(Contact.state == RecordState.LIVING.value, clause, ~noted)
            .limit(MOST)
        )
        new += _note(work, rule, work.session.scalars(found).all())
    if new:
        record(work, Event.STALE_FOUND, facts={"count": new})
    return new


def _bounced(work: UnitOfWork, vault: Keyring) -> list[uuid.UUID]:
    """Contacts with an address that a mail server refused; mails are kept for seven days."""
    refused = select(Mail).where(
        Mail.state == MailState.FAILED.value, Mail.failure_code == MailRefused.code
    )
    found: dict[uuid.UUID, None] = {}
    for mail in work.session.scalars(refused.limit(MOST)):
        address = folded(open_address(work, vault, mail))
        for one in contacts_with(work, vault, kind=TokenKind.EMAIL, text=address):
            found[one] = None
    return list(found)


def _note(work: UnitOfWork, rule: str, contacts: Iterable[uuid.UUID]) -> int:
    rows = [
        {
            "tenant_id": work.tenant_id,
            "id": new_id(),
            "contact_id": one,
            "rule": rule,
            "found_at": work.now,
        }
        for one in contacts
    ]
    if not rows:
        return 0
    made = insert(StaleFinding).on_conflict_do_nothing().returning(StaleFinding.id)
    return len(work.connection.execute(made, rows).all())


def _drop_orphans(work: UnitOfWork) -> None:
    """Undecided findings whose contact is gone by another way."""
    there = exists().where(
        and_(Contact.tenant_id == StaleFinding.tenant_id, Contact.id == StaleFinding.contact_id)
    )
    gone = StaleFinding.tenant_id == work.tenant_id, ~there
    work.connection.execute(delete(StaleFinding).where(*gone))
