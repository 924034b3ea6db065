"""Who is restricted now: asked wherever personal data is read to be used, and by jobs.

A tenant has few restrictions at a time. They are opened once for a unit of work and compared
with what was opened: so what arrives about the person later is restricted as well.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import select

from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Conflict
from privacy.identities.people import read_person
from privacy.identities.shapes import Identity, Way, folded
from privacy.restrictions.models import PERSON, Restriction
from privacy.restrictions.trails import open_trail
from privacy.vault.keyring import Keyring

_INFO: Final = "restrictions.standing"


class ProcessingRestricted(Conflict):
    """Art. 18(2): only stored, and used for claims."""

    code = "processing_restricted"
    message = "The use of this person's data is restricted: nothing is done with it until then."


@dataclass(frozen=True, slots=True)
class Restricted:
    """Whose data is stored and not used. Addresses folded, numbers in their one form."""

    emails: frozenset[str] = field(default=frozenset(), repr=False)
    phones: frozenset[str] = field(default=frozenset(), repr=False)
    leads: frozenset[int] = field(default=frozenset(), repr=False)

    @property
    def anybody(self) -> bool:
        """Whether there is anyone at all."""
        return bool(self.emails or self.phones)

    def has_email(self, *addresses: str | None) -> bool:
        """Whether one of these, in any spelling, is restricted."""
        return bool(self.emails) and any(folded(one) in self.emails for one in addresses if one)

    def has_phone(self, *numbers: str | None) -> bool:
        """Whether one of these, in its one form, is restricted."""
        return bool(self.phones) and any(one in self.phones for one in numbers if one)

    def has_lead(self, lead: int) -> bool:
        """Whether what leads to a person leads to one of these."""
        return lead in self.leads

    def has(self, identity: Identity) -> bool:
        """Whether this is one of them."""
        known = {Way.EMAIL: self.emails, Way.PHONE: self.phones}.get(identity.way, frozenset())
        return identity.text in known


def restricted(work: UnitOfWork, vault: Keyring) -> Restricted:
    """Of the bound tenant, as this transaction sees it. One question, asked once."""
    known: Restricted | None = work.session.info.get(_INFO)
    if known is None:
        known = work.session.info[_INFO] = _read(work, vault)
    return known


def ask_again(work: UnitOfWork) -> None:
    """Somebody was restricted, or is no longer."""
    work.session.info.pop(_INFO, None)


def refuse_restricted(
    work: UnitOfWork,
    vault: Keyring,
    *,
    emails: Iterable[str | None] = (),
    phones: Iterable[str | None] = (),
    tokens: Iterable[int] = (),
) -> None:
    """Raises ProcessingRestricted where one of these is restricted."""
    standing = restricted(work, vault)
    if not standing.anybody:
        return
    met = standing.has_email(*emails) or standing.has_phone(*phones)
    if met or any(map(standing.has_lead, tokens)):
        raise ProcessingRestricted


def _read(work: UnitOfWork, vault: Keyring) -> Restricted:
    living = select(Restriction).where(Restriction.lifted_at.is_(None))
    emails, phones, tokens = set[str](), set[str](), set[int]()
    for row in work.session.scalars(living):
        person = read_person(PERSON.open(work, vault, row.id, row.person_sealed))
        emails |= {person.email} - {""}
        phones |= {person.phone} - {""}
        tokens |= open_trail(work, vault, row)
    return Restricted(frozenset(emails), frozenset(phones), frozenset(tokens))
