"""People: who is invited, and who forgot a password."""

import uuid

from tenants.invitations.invite import invite
from tenants.permissions import Role
from tenants.principals import Principal, PrincipalKind
from tests.functional.console.town import Person, Town


def invite_agent(town: Town, person: Person, tenant_id: uuid.UUID, email: str) -> uuid.UUID:
    """An owner asks somebody to join: the invitation's id."""
    owner = Principal(PrincipalKind.USER, tenant_id, person.id, role=Role.OWNER.value)
    return invite(town.desk, principal=owner, email=email, role=Role.AGENT)


def forget_password(town: Town, person: Person) -> None:
    """Somebody asks for a new password."""
    answer = town.browser().post("/forgotten-password", email=person.email)
    assert answer.status_code == 200
