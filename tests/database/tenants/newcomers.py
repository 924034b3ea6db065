"""People who are invited, and sign in with whichever password they have."""

import uuid

from tenants.invitations.invite import invite
from tenants.permissions import Role
from tenants.sign_in.visitors import SignedIn
from tenants.sign_in.with_password import sign_in
from tests.database.tenants.conftest import PASSWORD, House, visitor

NEW = "crooked barns over sunshine"


def enter(house: House, name: str, password: str = PASSWORD) -> SignedIn:
    return sign_in(house.desk, email=f"{name}@example.com", password=password, visitor=visitor())


def invited(house: House, email: str = "dora@example.com", role: Role = Role.AGENT) -> uuid.UUID:
    return invite(house.desk, principal=house.principal(house.alice), email=email, role=role)
