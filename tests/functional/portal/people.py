"""People who register: what they type, what they click, what their mailbox shows."""

import re
import uuid
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cached_property
from html import unescape

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from connector.inquiries.forms.change import FormSettings, add_form
from connector.inquiries.forms.refs import FormRef, ref_of
from privacy.core.ids import new_id
from privacy.mails.list_mails import list_mails
from privacy.mails.read_kept import read_kept
from tests.functional.console.town import Town

PASSWORD = "lantern orbit mellow crisp"
_CHALLENGE = re.compile(r'name="challenge" value="([^"]*)"')
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_LINK = re.compile(r"https?://\S+")
TICKS = {
    "of_age": "yes",
    "agreed_conditions": "yes",
    "agreed_policy": "yes",
    "agreed_service_level": "yes",
}


def new_registration_form(
    town: Town, tenant: uuid.UUID, *, language: str = "en", own: Collection[uuid.UUID] = ()
) -> FormRef:
    """A form on the seller's pages."""
    settings = FormSettings(
        name="Register",
        service="V",
        purpose="registration",
        language=language,
        own_fields=own,
        own_required=own,
        notice_url="https://www.example.com/privacy",
        conditions_url="https://www.example.com/conditions",
        conditions_version="2026-01",
        level_url="https://www.example.com/level",
        level_version="3",
    )
    with town.desk.tenant(tenant) as work:
        return ref_of(work, add_form(work, vault=town.desk.ring, settings=settings))


@dataclass
class Visitor:
    """One person with one browser."""

    town: Town
    tenant: uuid.UUID
    form: FormRef
    name: str = field(default_factory=lambda: f"p{new_id().hex[-8:]}")
    page: TestResponse | None = None

    @cached_property
    def client(self) -> FlaskClient:
        """Their browser."""
        return self.town.app.test_client()

    @property
    def email(self) -> str:
        """Their address."""
        return f"{self.name}@example.org"

    def typed(self, **more: str) -> dict[str, str]:
        """A good registration."""
        return {
            "login": f"login-{self.name}",
            "first_name": "Robin",
            "last_name": "Canary",
            "patronymic": "",
            "birth_date": "1990-12-31",
            "email": self.email,
            "postcode": "10115",
            "password": PASSWORD,
            **TICKS,
        } | more

    def register(self, **more: str) -> TestResponse:
        """Fill in the page and send it; None leaves a field out."""
        shown = self.client.get(f"/f/{self.form.key}/register")
        assert shown.status_code == 200, shown.get_data(as_text=True)
        challenge = _CHALLENGE.search(shown.get_data(as_text=True))
        assert challenge is not None
        sent = {"challenge": unescape(challenge[1]), **self.typed(**more)}
        sent = {name: text for name, text in sent.items() if text != "-"}
        self.page = self.client.post(f"/f/{self.form.key}/register", data=sent)
        return self.page

    def get(self, path: str = "") -> TestResponse:
        """A page of the account."""
        self.page = self.client.get(f"/account/{self.form.key}{path}")
        return self.page

    def post(self, path: str, **fields: str) -> TestResponse:
        """Send a form of the account."""
        token = _TOKEN.search(self.page.get_data(as_text=True)) if self.page else None
        if token is None:
            text = self.client.get(f"/account/{self.form.key}/sign-in").get_data(as_text=True)
            token = _TOKEN.search(text)
        assert token is not None
        sent = {"csrf_token": token[1], **fields}
        self.page = self.client.post(f"/account/{self.form.key}{path}", data=sent)
        return self.page

    def mails(self) -> list[str]:
        """What came into their mailbox, newest first."""
        with self.town.desk.tenant(self.tenant) as work:
            letters = [
                read_kept(work, self.town.desk.ring, mail_id=mail.id)
                for mail in list_mails(work, limit=200)
            ]
        return [f"{one.subject}\n{one.body}" for one in letters if one.to == self.email]

    def link(self) -> str:
        """The path in the newest mail."""
        found = _LINK.search(self.mails()[0])
        assert found is not None
        return "/" + found[0].split("/", 3)[3]

    def confirm(self, password: str = PASSWORD) -> TestResponse:
        """Open the mail, look, type the password, and press the button."""
        path = self.link().removeprefix(f"/account/{self.form.key}")
        assert self.get(path).status_code == 200
        return self.post(path, password=password)

    def sign_in(self, password: str = PASSWORD) -> TestResponse:
        """With login and password."""
        self.page = None
        return self.post("/sign-in", who=self.email, password=password)

    def enter(self) -> "Visitor":
        """All the way in."""
        assert self.register().status_code == 200, self.page.get_data(as_text=True)  # type: ignore[union-attr]
        assert self.confirm().status_code == 200
        assert self.sign_in().status_code == 302, self.page.get_data(as_text=True)  # type: ignore[union-attr]
        return self
