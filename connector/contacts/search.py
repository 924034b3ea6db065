"""Find contacts by something of theirs, without it ever reaching the database."""

from dataclasses import dataclass

from sqlalchemy import select

from connector.calls.numbers import DEFAULT_REGION, canonical
from connector.contacts.findings import name_word
from connector.contacts.kinds import TokenKind
from connector.contacts.registers import compact
from connector.contacts.shelf import CONTACTS
from connector.contacts.tokens import contacts_with
from connector.synced.said import in_console
from connector.synced.shapes import Contact
from connector.synced.views import RecordView, open_records
from connector.synced.withheld import withhold
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.suppressions.uses import Use
from privacy.vault.keyring import Keyring
from privacy.vault.labels import Index
from tenants.emails import folded

MOST = 100
"""Contacts in one answer."""


@dataclass(frozen=True)
class ContactQuery:
    """One thing that a contact is found by; whole, in any usual spelling, never a part of it."""

    kind: TokenKind
    text: str
    region: str = DEFAULT_REGION
    use: Use = Use.DELIVERY

    def check(self) -> None:
        """Raise Invalid where nothing can be found by it."""
        _ = self.word

    @property
    def word(self) -> str:
        """The text in its one form.

        Raises:
            Invalid: nothing can be found by it.
        """
        made = _word(self.kind, self.text, self.region)
        if not made:
            raise Invalid(fields={self.kind.value: "Enter the whole of it."})
        return made


def search_contacts(
    work: UnitOfWork, *, vault: Keyring, query: ContactQuery
) -> list[RecordView[Contact]]:
    """Up to a hundred contacts that match, the latest change first; said in the ledger.

    Raises:
        Invalid: nothing can be found by it.
        OpenError: a stored contact was changed outside the service.
    """
    word = query.word
    found = contacts_matching(work, vault=vault, kind=query.kind, word=word)[:MOST]
    event = Event.CONTACTS_LOOKED_UP if in_console(work) else Event.CONTACTS_SEARCHED
    proof = vault.tenant_index(work, Index.COMMITMENT).digest(word.encode("utf-8", "surrogatepass"))
    facts = {"by": query.kind.value, "found": len(found)}
    record(work, event, facts=facts, commitment=proof)
    return withhold(work, vault, CONTACTS, found, use=query.use)


def contacts_matching(
    work: UnitOfWork, *, vault: Keyring, kind: TokenKind, word: str
) -> list[RecordView[Contact]]:
    """Contacts that have `word`, opened and compared: tokens are truncated, and can collide."""
    ids = contacts_with(work, vault, kind=kind, text=word)
    if not ids:
        return []
    c = CONTACTS.table.c
    rows = work.connection.execute(
        select(*c)
        .where(c.tenant_id == work.tenant_id, c.id.in_(ids))
        .order_by(c.changed_at.desc(), c.id)
    )
    opened = open_records(work, vault, CONTACTS, rows)
    return [view for view in opened if _has(view, kind, word)]


def _word(kind: TokenKind, text: str, region: str) -> str:
    match kind:
        case TokenKind.PHONE:
            number = canonical(text, region) or ""
            return number if number.startswith("+") else ""
        case TokenKind.EMAIL:
            return folded(text)
        case TokenKind.NAME:
            return name_word(text)
        case _:
            return compact(text)


def _has(view: RecordView[Contact], kind: TokenKind, word: str) -> bool:
    contact = view.record
    match kind:
        case TokenKind.PHONE:
            return word in view.numbers
        case TokenKind.EMAIL:
            return word in map(folded, contact.emails)
        case TokenKind.NAME:
            return word in (name_word(contact.name), name_word(contact.contact_person))
        case TokenKind.VAT_ID:
            return word == compact(contact.vat_id)
        case TokenKind.REGISTER:
            return word == compact(contact.company_register_number)
        case TokenKind.CODE:
            return word == compact(contact.code)
