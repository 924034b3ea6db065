"""Read the register of disclosures: by pages, one person's, one entry; and name recipients."""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import msgspec
from sqlalchemy import select

from privacy.core.db.work import UnitOfWork
from privacy.core.errors import NotFound
from privacy.disclosures.models import SAID, Disclosure, DisclosureToken
from privacy.disclosures.shapes import DisclosureView, Said
from privacy.identities.people import Person
from privacy.identities.shapes import Identity
from privacy.identities.tokens import tokens_of
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.profiles.sharing import AuthorityReason, Ground
from privacy.vault.keyring import Keyring

MOST: Final = 100
"""Disclosures on one page."""


@dataclass(frozen=True, slots=True)
class DisclosureRecipient:
    """Somebody who was told something about a person, and when (GDPR Art. 15(1)(c), 19)."""

    disclosure_id: uuid.UUID
    name: str = field(repr=False)
    contact: str = field(repr=False)
    ground: Ground
    fields: tuple[str, ...]
    at: datetime


def recipients_of(work: UnitOfWork, vault: Keyring, person: Person) -> list[DisclosureRecipient]:
    """Everybody to whom something of `person` was disclosed, the first disclosure first.

    Registries (WHOIS) included. A preview that was never published told nobody anything.
    """
    return [
        DisclosureRecipient(one.id, one.recipient, one.contact, one.ground, one.fields, one.at)
        for one in reversed(_of_people(work, vault, person.identities))
        if one.at is not None
    ]


def list_disclosures(
    work: UnitOfWork,
    vault: Keyring,
    *,
    who: Identity | None = None,
    before: uuid.UUID | None = None,
    limit: int = MOST,
) -> list[DisclosureView]:
    """Up to `limit` entries, the latest recorded first, before the id `before`; in the ledger.

    Args:
        who: only of this person.
    """
    if who is not None:
        views = _of_people(work, vault, [who])[:limit]
    else:
        page = select(Disclosure).order_by(Disclosure.id.desc()).limit(min(limit, MOST))
        if before is not None:
            page = page.where(Disclosure.id < before)
        views = [view_of(work, vault, row) for row in work.session.scalars(page)]
    by = "person" if who is not None else "time"
    record(work, Event.DISCLOSURES_SEARCHED, facts={"by": by, "found": len(views)})
    return views


def find_disclosure(
    work: UnitOfWork, disclosure_id: uuid.UUID, *, lock: bool = False
) -> Disclosure:
    """One entry as it is stored; nobody has looked at it by that. Raises NotFound."""
    statement = select(Disclosure).where(Disclosure.id == disclosure_id)
    row = work.session.scalar(statement.with_for_update() if lock else statement)
    if row is None:
        raise NotFound
    return row


def view_disclosure(
    work: UnitOfWork, vault: Keyring, *, disclosure_id: uuid.UUID
) -> tuple[DisclosureView, bytes | None]:
    """One entry, and of a preview the digest that publishes it; in the ledger. Raises NotFound."""
    row = find_disclosure(work, disclosure_id)
    record(work, Event.DISCLOSURE_VIEWED, subject=disclosure_id)
    return view_of(work, vault, row), row.preview_digest


def rows_about(
    work: UnitOfWork, vault: Keyring, identities: Iterable[Identity]
) -> list[Disclosure]:
    """Rows that are about somebody, the latest first."""
    tokens = tokens_of(work, vault, identities)
    mine = select(DisclosureToken.disclosure_id).where(DisclosureToken.token.in_(tokens))
    found = select(Disclosure).where(Disclosure.id.in_(mine)).order_by(Disclosure.id.desc())
    return list(work.session.scalars(found))


def views_by_id(
    work: UnitOfWork, vault: Keyring, ids: Collection[uuid.UUID]
) -> list[DisclosureView]:
    """Entries that are still there. Raises OpenError."""
    found = select(Disclosure).where(Disclosure.id.in_(ids))
    return [view_of(work, vault, row) for row in work.session.scalars(found)]


def view_of(work: UnitOfWork, vault: Keyring, row: Disclosure) -> DisclosureView:
    """A row, opened. Raises OpenError."""
    said = msgspec.msgpack.decode(SAID.open(work, vault, row.id, row.said_sealed), type=Said)
    return DisclosureView(
        id=row.id,
        service=row.service,
        ground=Ground(row.ground),
        reason=AuthorityReason(row.reason) if row.reason else None,
        fields=tuple(row.fields),
        person=said.person,
        recipient=said.recipient,
        contact=said.contact,
        reference=said.reference,
        values=said.values,
        at=row.at,
        recorded_at=row.recorded_at,
        recorded_by=row.recorded_by,
        ends_on=row.ends_on,
    )


def _of_people(
    work: UnitOfWork, vault: Keyring, identities: Iterable[Identity]
) -> list[DisclosureView]:
    return [view_of(work, vault, row) for row in rows_about(work, vault, identities)]
