"""The people of a tenant."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from tenants.desks import Desk
from tenants.memberships.models import Membership
from tenants.permissions import Role
from tenants.principals import Principal
from tenants.users.find import view_users


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


def list_people(desk: Desk, *, principal: Principal) -> list[Person]:
    """Members of the principal's tenant, by name."""
    with desk.tenant(principal.tenant_id, principal.actor) as work:
        members = list(work.session.scalars(select(Membership)))
    with desk.installation(principal.actor) as work:
        users = view_users(desk.ring, work, ids=[row.user_id for row in members])
    people = [
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
    return sorted(people, key=lambda person: (person.name.casefold(), person.email))
