"""An installation with people in it, and the real application before it."""

import re
import secrets
import uuid
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pyotp
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from connector.app import create_app
from migrations.run import head
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.mails.compose import SealingMailer
from tenants.desks import Desk
from tenants.memberships.grant import grant_membership, note_membership
from tenants.passwords.hashing import Cost, PasswordHashing
from tenants.permissions import Role
from tenants.tenants.create import create_tenant, ensure_installation
from tenants.totp.codes import authenticator_time
from tenants.totp.enrol import begin_enrolment, confirm_enrolment
from tenants.users.create import create_user
from tests.tenancies import House, Tenancy

PASSWORD = "kettle rowing vivid plum"
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass
class Person:
    """Somebody with an account, and what they know."""

    id: uuid.UUID
    email: str
    secret: str | None = None

    def code(self, *, steps: int = 0) -> str:
        """What their authenticator shows; `steps` of 30 seconds later."""
        assert self.secret is not None
        return pyotp.TOTP(self.secret).at(authenticator_time(), counter_offset=steps)


@dataclass
class Browser:
    """A client that fills in form tokens as a browser would."""

    client: FlaskClient
    page: TestResponse | None = field(default=None)
    _spare: tuple[list[str], str] = field(default_factory=lambda: ([], ""))

    def get(self, path: str, *, follow: bool = False) -> TestResponse:
        """Look at a page."""
        self.page = self.client.get(path, follow_redirects=follow)
        return self.page

    def post(self, path: str, *, follow: bool = False, **fields: Any) -> TestResponse:
        """Send a form with the token that this browser was given."""
        sent = {"csrf_token": self.token(), **fields}
        self.page = self.client.post(path, data=sent, follow_redirects=follow)
        return self.page

    def token(self) -> str:
        """A form token of this browser's: of the page that it shows, or else of any."""
        found = _TOKEN.search(self.page.get_data(as_text=True)) if self.page else None
        return found[1] if found else self._spare_token()

    def _spare_token(self) -> str:
        """As long as its cookies are the same, so is what a token is good for."""
        if self._spare[0] != self._cookies:
            found = _TOKEN.search(self.client.get("/forgotten-password").get_data(as_text=True))
            assert found is not None
            self._spare = self._cookies, found[1]
        return self._spare[1]

    @property
    def _cookies(self) -> list[str]:
        found = [self.client.get_cookie(name) for name in ("silta_form", "silta_session")]
        return [cookie.value if cookie else "" for cookie in found]

    def sign_in(self, person: Person, password: str = PASSWORD) -> TestResponse:
        """With everything that it takes."""
        answer = self.post("/sign-in", email=person.email, password=password)
        if person.secret is not None and answer.status_code == 302:
            answer = self.post("/sign-in/code", code=person.code(steps=1))
        return answer


class Town:
    """Alice's tenant with one person of each role, Charlie's beside it, and an operator."""

    def __init__(self, house: House) -> None:
        self.house = house
        installed = house.installation
        self.desk = Desk(
            installed.engines.app,
            house.vault,
            house.custody,
            PasswordHashing(at_once=4, cost=Cost(passes=1, memory=1024)),
            SealingMailer(house.vault, sending=False),
            installed.settings.public_url,
        )
        ensure_installation(self.desk, mfa_required=False)
        self.alices = create_tenant(self.desk, name="Alice Oy", services=("T",))
        self.charlies = create_tenant(self.desk, name="Charlie AB", services=("T",))

    @cached_property
    def app(self) -> Flask:
        """The real application."""
        installed = self.house.installation
        return create_app(
            settings=installed.settings,
            engines=installed.engines,
            desk=self.desk,
            secret=secrets.token_bytes(32),
            revision=head(),
        )

    def tenancy(self, tenant_id: uuid.UUID) -> Tenancy:
        """For making data in a tenant."""
        return Tenancy(self.house.installation, self.house.vault, tenant_id)

    @cached_property
    def alice(self) -> Person:
        """Owner of her tenant."""
        return self.person("alice", Role.OWNER, self.alices)

    @cached_property
    def agent(self) -> Person:
        """Works with calls in Alice's tenant."""
        return self.person("agnes", Role.AGENT, self.alices)

    @cached_property
    def auditor(self) -> Person:
        """Sees no call in Alice's tenant."""
        return self.person("audrey", Role.AUDITOR, self.alices)

    @cached_property
    def charlie(self) -> Person:
        """Owner of the other tenant."""
        return self.person("charlie", Role.OWNER, self.charlies)

    @cached_property
    def operator(self) -> Person:
        """Runs the installation."""
        return self.person("olga", Role.OPERATOR, INSTALLATION_ID)

    def person(self, name: str, role: Role, tenant_id: uuid.UUID, **given: Any) -> Person:
        """A new person in a tenant."""
        email = f"{name}-{secrets.token_hex(3)}@example.com"
        encoded = self.desk.hashing.hash(PASSWORD)
        with self.desk.installation() as work:
            user_id = create_user(
                self.desk.ring,
                work,
                email=email,
                name=name.capitalize(),
                encoded_password=encoded,
                **given,
            )
        self.join(user_id, role, tenant_id)
        return Person(user_id, email)

    def join(self, user_id: uuid.UUID, role: Role, tenant_id: uuid.UUID) -> None:
        """Make somebody a member."""
        with self.desk.installation() as work:
            note_membership(work, user_id=user_id, tenant_id=tenant_id)
        with self.desk.tenant(tenant_id) as work:
            grant_membership(work, user_id=user_id, role=role)

    def enrol(self, person: Person) -> list[str]:
        """Give them a second factor. Returns the recovery codes."""
        with self.desk.installation() as work:
            person.secret = begin_enrolment(self.desk.ring, work, user_id=person.id).secret
        with self.desk.installation() as work:
            return confirm_enrolment(self.desk.ring, work, user_id=person.id, code=person.code())

    def browser(self, person: Person | None = None) -> Browser:
        """A fresh browser, signed in as `person`."""
        browser = Browser(self.app.test_client())
        if person is not None:
            answer = browser.sign_in(person)
            assert answer.status_code == 302, answer.get_data(as_text=True)
        return browser
