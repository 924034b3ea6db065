"""The people of a tenant."""

import uuid
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Select, select, tuple_

from privacy.core.cursors import Place
from privacy.core.errors import NotFound
from tenants.desks import Desk
from tenants.memberships.models import Membership
from tenants.permissions import Role
from tenants.principals import Principal
from tenants.users.find import view_users

MOST: Final = 500
"""People that are opened at a time."""
LOOKED_THROUGH: Final = 5_000
"""Members among whom somebody is looked for: names are sealed, so each has to be opened."""


@dataclass(frozen=True, slots=True)
class Person:
    """A member with what the tenant's admins need to know of the account, and no more."""

    user_id: uuid.UUID
    name: str
    email: str
    role: Role
    has_second_factor: bool
    active: bool
    since: datetime

    def __repr__(self) -> str:
        return f"<Person {self.user_id}>"

    @property
    def place(self) -> Place:
        """Where in the list."""
        return Place(self.since, self.user_id)


def list_people(
    desk: Desk,
    *,
    principal: Principal,
    role: Role | None = None,
    after: Place | None = None,
    limit: int = MOST,
) -> list[Person]:
    """Members of the principal's tenant, the longest first; those after a place."""
    query = select(Membership).order_by(Membership.created_at, Membership.user_id).limit(limit)
    if role is not None:
        query = query.where(Membership.role == role.value)
    if after is not None:
        query = query.where(tuple_(Membership.created_at, Membership.user_id) > tuple_(*after))
    return _people(desk, principal, query)


def find_person(desk: Desk, *, principal: Principal, user_id: uuid.UUID) -> Person:
    """One member. Raises NotFound, also for everybody of other tenants."""
    found = _people(desk, principal, select(Membership).where(Membership.user_id == user_id))
    if not found:
        raise NotFound
    return found[0]


def names_of(
    desk: Desk, *, principal: Principal, ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, str]:
    """The names of those of `ids` who are members."""
    if not ids:
        return {}
    query = select(Membership).where(Membership.user_id.in_(list(ids)))
    return {person.user_id: person.name for person in _people(desk, principal, query)}


def search_people(
    desk: Desk, *, principal: Principal, words: str, limit: int = 100
) -> list[Person]:
    """Members with `words` in name or address, the longest first."""
    wanted, found = words.strip().casefold(), list[Person]()
    for person in _everybody(desk, principal):
        if wanted in f"{person.name}\n{person.email}".casefold():
            found.append(person)
        if len(found) == limit:
            break
    return found


def _everybody(desk: Desk, principal: Principal) -> Iterator[Person]:
    after: Place | None = None
    for _ in range(LOOKED_THROUGH // MOST):
        some = list_people(desk, principal=principal, after=after)
        yield from some
        if len(some) < MOST:
            return
        after = some[-1].place


def _people(desk: Desk, principal: Principal, query: Select[Membership]) -> list[Person]:
    with desk.tenant(principal.tenant_id, principal.actor) as work:
        members: Sequence[Membership] = work.session.scalars(query).all()
    with desk.installation(principal.actor) as work:
        users = view_users(desk.ring, work, ids=[row.user_id for row in members])
    return [
        Person(
            user_id=row.user_id,
            name=users[row.user_id].name,
            email=users[row.user_id].email,
            role=Role(row.role),
            has_second_factor=users[row.user_id].has_second_factor,
            active=users[row.user_id].active,
            since=row.created_at,
        )
        for row in members
        if row.user_id in users
    ]
