"""A founded installation with a desk, and one tenant that has all five services."""

import uuid
from dataclasses import dataclass

import pytest

from privacy.core.db.work import SYSTEM
from tenants.desks import Desk
from tenants.permissions import Role
from tenants.tenants.create import create_tenant, ensure_installation
from tests.database.tenants.conftest import Mailbox, add_person, make_desk
from tests.installations import Installation


@dataclass
class Place:
    """What these tests hold."""

    installation: Installation
    desk: Desk
    mailbox: Mailbox
    tenant: uuid.UUID
    alice: uuid.UUID


@pytest.fixture
def place(installation: Installation) -> Place:
    """Alice owns a tenant with every service; Finnish is nobody's language yet."""
    desk = make_desk(installation)
    ensure_installation(desk, mfa_required=False)
    tenant = create_tenant(desk, name="Fjord Oy", services=("C", "M", "N", "T", "V"), actor=SYSTEM)
    alice = add_person(desk, tenant, "alice", Role.OWNER)
    assert isinstance(desk.mailer, Mailbox)
    return Place(installation, desk, desk.mailer, tenant, alice)
