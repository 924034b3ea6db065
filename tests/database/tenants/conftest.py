"""A founded installation with a desk, two tenants and three people."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pytest

from privacy.core.db.work import SYSTEM, UnitOfWork
from privacy.mails.kinds import MailKind
from privacy.vault.custody import make_custody
from privacy.vault.foundings import found_ring
from privacy.vault.keyring import Keyring
from tenants.desks import Desk
from tenants.memberships.grant import grant_membership, note_membership
from tenants.passwords.hashing import Cost, PasswordHashing
from tenants.permissions import Role
from tenants.principals import Principal, PrincipalKind
from tenants.sign_in.visitors import Visitor
from tenants.tenants.create import create_tenant, ensure_installation
from tenants.totp.codes import authenticator_time
from tenants.users.create import create_user
from tests.installations import Installation

PASSWORD = "kettle rowing vivid plum"


@dataclass(frozen=True)
class KeptMail:
    to: str
    notice: MailKind
    values: Mapping[str, str]

    @property
    def token(self) -> str:
        return self.values["link"].rsplit("/", 1)[1]


@dataclass
class Mailbox:
    """A mailer that keeps what was committed to be sent, and what was not."""

    mails: list[KeptMail] = field(default_factory=list)

    def __call__(
        self,
        work: UnitOfWork,
        *,
        to: str,
        notice: MailKind,
        language: str,
        values: Mapping[str, str],
    ) -> None:
        self.mails.append(KeptMail(to, notice, dict(values)))

    def last(self, notice: MailKind) -> KeptMail:
        return [mail for mail in self.mails if mail.notice is notice][-1]


@dataclass
class House:
    """What these tests hold: Alice and Bob in one tenant, Charlie in another."""

    installation: Installation
    desk: Desk
    mailbox: Mailbox
    tenant: uuid.UUID
    other: uuid.UUID
    alice: uuid.UUID
    bob: uuid.UUID
    charlie: uuid.UUID

    def principal(
        self, user_id: uuid.UUID, role: Role = Role.OWNER, tenant: uuid.UUID | None = None
    ) -> Principal:
        return Principal(PrincipalKind.USER, tenant or self.tenant, user_id, role=role.value)

    def add(self, tenant: uuid.UUID, name: str, role: Role) -> uuid.UUID:
        return add_person(self.desk, tenant, name, role)


def visitor(address: str = "192.0.2.7", device_token: str | None = None) -> Visitor:
    return Visitor(address, "Firefox on Linux", "https://portal.example/a?b", device_token)


def add_person(desk: Desk, tenant: uuid.UUID, name: str, role: Role) -> uuid.UUID:
    encoded = desk.hashing.hash(PASSWORD)
    with desk.installation(SYSTEM) as work:
        user_id = create_user(
            desk.ring,
            work,
            email=f"{name}@example.com",
            name=name.title(),
            encoded_password=encoded,
        )
        note_membership(work, user_id=user_id, tenant_id=tenant)
    with desk.tenant(tenant, SYSTEM) as work:
        grant_membership(work, user_id=user_id, role=role)
    return user_id


def make_desk(installation: Installation) -> Desk:
    """A desk with cheap hashing, as one process would hold it."""
    custody = make_custody(installation.settings)
    found_ring(installation.engines.keeper, custody)
    ring = Keyring(installation.engines.app, custody)
    hashing = PasswordHashing(at_once=8, wait_seconds=20, cost=Cost(passes=1, memory=64))
    return Desk(
        installation.engines.app,
        ring,
        custody,
        hashing,
        Mailbox(),
        installation.settings.public_url,
    )


@pytest.fixture
def house(installation: Installation) -> House:
    mailbox = Mailbox()
    desk = replace(make_desk(installation), mailer=mailbox)
    ensure_installation(desk, mfa_required=False)
    tenant = create_tenant(desk, name="Alpha Oy", services=["T"])
    other = create_tenant(desk, name="Beta AB", services=["T"])
    return House(
        installation,
        desk,
        mailbox,
        tenant,
        other,
        alice=add_person(desk, tenant, "alice", Role.OWNER),
        bob=add_person(desk, tenant, "bob", Role.AGENT),
        charlie=add_person(desk, other, "charlie", Role.OWNER),
    )


@pytest.fixture
def one_moment(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Authenticators stand still, so that no test meets the turn of a 30-second step."""
    if "development_clock" in request.node.name:
        return
    moment, tests = authenticator_time(), request.module.__name__
    for place in ("tenants.totp.consume", "tenants.totp.enrol", f"{__package__}.sign_ins", tests):
        monkeypatch.setattr(f"{place}.authenticator_time", lambda: moment, raising=False)
