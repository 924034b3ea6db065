"""Who is at the other end of a call: names from contacts, where the exchange sent none (A8).

Names are looked up when a call is read, never stored with it: a contact that is erased or changed
is so in every list at once. One question for a whole page of calls.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import msgspec
from sqlalchemy import Uuid, bindparam, func, select
from sqlalchemy.dialects.postgresql import distinct_on

from connector.calls.shapes import CallRecord
from connector.calls.views import CallView
from connector.contacts.kinds import TokenKind
from connector.contacts.models import ContactToken
from connector.contacts.shelf import CONTACTS
from connector.contacts.tokens import token_index, token_of
from connector.synced.columns import RecordState
from connector.synced.shapes import Contact
from connector.synced.statements import array
from connector.synced.views import open_column
from connector.synced.withheld import is_restricted
from privacy.core.db.arrays import Int8s
from privacy.core.db.work import UnitOfWork
from privacy.suppressions.uses import Use, standing_for
from privacy.vault.keyring import Keyring

_T, _C = ContactToken.__table__.c, CONTACTS.table.c
# Of contacts with one number, the one that changed last: the same for every list.
_FIND: Final = (
    select(_T.token, _C.id, _C.version, _C.sealed)
    .ext(distinct_on(_T.token))
    .where(
        _T.tenant_id == bindparam("tenant", type_=Uuid()),
        _T.kind == TokenKind.PHONE.value,
        ContactToken.token == func.any(array("tokens")),
        _C.tenant_id == _T.tenant_id,
        _C.id == _T.contact_id,
        _C.state == RecordState.LIVING.value,
    )
    .order_by(_T.token, _C.changed_at.desc(), _C.id)
)


@dataclass(frozen=True, slots=True)
class Name:
    """A contact's, as a call shows it."""

    contact_id: uuid.UUID
    contact_person: str | None
    company: str | None


class Names:
    """Names of numbers, remembered for as long as one reader needs them."""

    def __init__(self, work: UnitOfWork, vault: Keyring) -> None:
        self._work, self._vault = work, vault
        self._known: dict[str, Name | None] = {}

    def learn(self, records: Iterable[CallRecord]) -> None:
        """Look up, in one question, whoever is at the other end of these calls."""
        asked = {number for record in records if (number := unnamed(record))}
        new = sorted(asked - self._known.keys())
        if new:
            self._known |= dict.fromkeys(new) | self._find(new)

    def of(self, record: CallRecord) -> Name | None:
        """The name for a call that `learn` has seen; None where the exchange sent one."""
        number = unnamed(record)
        return self._known.get(number) if number else None

    def give(self, records: Sequence[CallRecord]) -> list[tuple[CallRecord, uuid.UUID | None]]:
        """Records with names, each beside the contact that they are from."""
        self.learn(records)
        found = [(record, self.of(record)) for record in records]
        return [
            (record, None) if name is None else (with_name(record, name), name.contact_id)
            for record, name in found
        ]

    def _find(self, numbers: Sequence[str]) -> dict[str, Name | None]:
        index = token_index(self._work, self._vault)
        tokens = [token_of(index, TokenKind.PHONE.value, number) for number in numbers]
        given = {"tenant": self._work.tenant_id, "tokens": Int8s.of(tokens)}
        rows = self._work.connection.execute(_FIND, given).all()
        values = [(row.id.bytes, row.version, row.sealed) for row in rows]
        plain = open_column(self._work, self._vault, CONTACTS, values)
        by_token = dict(zip(tokens, numbers, strict=True))
        found: dict[str, Name | None] = {}
        standing = standing_for(self._work, self._vault, use=Use.DELIVERY)
        for row, text in zip(rows, plain, strict=True):
            kept, number = CONTACTS.decode(text), by_token[row.token]
            # Tokens are truncated, and can collide.
            hidden = is_restricted(kept.record, kept.numbers, standing)
            if number in kept.numbers and not hidden:
                found[number] = _name(row.id, kept.record)
        return found


def name_calls(work: UnitOfWork, *, vault: Keyring, calls: Sequence[CallView]) -> list[CallView]:
    """The calls, with names from contacts where the exchange sent none."""
    names = Names(work, vault)
    names.learn(view.record for view in calls)
    return [_named(view, names.of(view.record)) for view in calls]


def unnamed(record: CallRecord) -> str | None:
    """The outside number of a call that came without a name, else None."""
    if record.contact_person or record.company:
        return None
    number = {"inbound": record.caller, "outbound": record.called}.get(record.direction)
    return number if number and number.startswith("+") else None


def with_name(record: CallRecord, name: Name) -> CallRecord:
    """The call as if its exchange had known the contact."""
    return msgspec.structs.replace(record, contact_person=name.contact_person, company=name.company)


def _named(view: CallView, name: Name | None) -> CallView:
    if name is None:
        return view
    return replace(view, record=with_name(view.record, name), contact_id=name.contact_id)


def _name(contact_id: uuid.UUID, contact: Contact) -> Name:
    if contact.is_person:
        return Name(contact_id, contact.name or None, None)
    return Name(contact_id, contact.contact_person or None, contact.name or None)
