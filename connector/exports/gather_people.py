"""Who belongs to a tenant, and who is not to be reached: as lines."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final

from sqlalchemy import func, select

from connector.contacts.shelf import CONTACTS
from connector.exports.layouts import line
from connector.exports.tables import TENANT
from privacy.consents.models import PERSON as CONSENTING
from privacy.consents.models import Consent
from privacy.core.db.work import Actor, UnitOfWork
from privacy.core.errors import Invalid
from privacy.identities.people import read_person
from privacy.identities.shapes import Identity
from privacy.identities.tokens import tokens_of
from privacy.objections.models import PERSON as OBJECTING
from privacy.objections.models import ObjectionEntry
from privacy.suppressions.models import Suppression
from privacy.vault.keyring import Keyring
from tenants.desks import Desk
from tenants.memberships.people import MOST, list_people
from tenants.permissions import Role
from tenants.principals import Principal, PrincipalKind

AT_ONCE: Final = 500


def people_of(desk: Desk, *, work: UnitOfWork, actor: Actor) -> Iterator[bytes]:
    """A line for each member: what administrators see of them."""
    who = Principal(PrincipalKind.USER, work.tenant_id, actor.id, role=Role.OWNER.value)
    after = None
    while True:
        some = list_people(desk, principal=who, after=after)
        for one in some:
            told = {"user_id": one.user_id, "name": one.name, "email": one.email}
            yield line({**told, "role": one.role, "since": one.since})
        if len(some) < MOST:
            return
        after = some[-1].place


class Suppressed:
    """The suppression list with the people that are still known: a token alone names nobody.

    `found` counts the rows that had a line.
    """

    def __init__(self, work: UnitOfWork, vault: Keyring) -> None:
        self._work, self._vault = work, vault
        self._seen: set[tuple[bytes, str, str]] = set()

    @property
    def found(self) -> int:
        """How many had one."""
        return len(self._seen)

    def lines(self) -> Iterator[bytes]:
        """A line for each row whose person a contact, a consent or an objection knows."""
        known = self._known()
        while some := list(islice(known, AT_ONCE)):
            yield from self._of(some)

    def _of(self, some: list[Identity]) -> Iterator[bytes]:
        tokens = tokens_of(self._work, self._vault, some)
        whose = dict(zip(tokens, some, strict=True))
        found = select(Suppression).where(Suppression.token.in_(list(whose)))
        for row in self._work.session.scalars(found.order_by(Suppression.token)):
            name = (bytes(row.token), row.objection, row.cause)
            if name in self._seen:
                continue
            self._seen.add(name)
            one = whose[name[0]]
            told: dict[str, Any] = {"way": one.way, "identity": one.text}
            told |= {"objection": row.objection, "cause": row.cause, "created_at": row.created_at}
            yield line(told)

    def _known(self) -> Iterator[Identity]:
        work = self._work
        if not work.session.scalar(select(func.count()).select_from(Suppression)):
            return
        for table, sealed in ((ObjectionEntry, OBJECTING), (Consent, CONSENTING)):
            rows = select(table.id, table.person_sealed).execution_options(yield_per=AT_ONCE)
            for row_id, value in work.session.execute(rows):
                person = read_person(sealed.open(work, self._vault, row_id, value))
                yield from person.identities
        yield from self._contacts()

    def _contacts(self) -> Iterator[Identity]:
        work, c = self._work, CONTACTS.table.c
        rows = (
            select(c.id, c.version, c.sealed)
            .where(c[TENANT] == work.tenant_id)
            .execution_options(yield_per=AT_ONCE)
        )
        place = CONTACTS.place(work.tenant_id)
        for row_id, version, value in work.connection.execute(rows):
            plain = self._vault.open(work, CONTACTS.scope, place.row(row_id, version), value)
            kept = CONTACTS.decode(plain)
            yield from identities(kept.record.emails, kept.numbers)


def identities(emails: Iterable[str], numbers: Iterable[str]) -> Iterator[Identity]:
    """What is one; a contact can have anything in its fields."""
    for make, texts in ((Identity.email, emails), (Identity.phone, numbers)):
        for text in texts:
            try:
                yield make(text)
            except Invalid:
                continue
