"""Whom somebody may change."""

import uuid

from privacy.core.errors import Forbidden
from tenants.http.callers import caller
from tenants.http.services import services
from tenants.memberships.people import Person
from tenants.memberships.people import find_person as find_member
from tenants.permissions import ASSIGNABLE, Role


def find_person(user_id: uuid.UUID) -> Person:
    """A member of the caller's tenant. Raises NotFound, also for everybody else's."""
    return find_member(services().desk, principal=caller(), user_id=user_id)


def within_reach(person: Person) -> bool:
    """Whether the caller may give, and so take, this person's role."""
    return person.role in ASSIGNABLE.get(Role(caller().role or Role.AGENT), frozenset())


def require_reach(person: Person) -> None:
    """Raises Forbidden where the person stands higher."""
    if not within_reach(person):
        raise Forbidden("Only an owner can do this for an owner.")
