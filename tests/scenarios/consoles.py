"""The console as a browser without scripts uses it: pages, forms, cookies."""

import re
import time
from dataclasses import dataclass, field
from html import unescape

import httpx
import pyotp

from tenants.totp.codes import authenticator_time, step_of
from tests.scenarios.mailboxes import Mailbox
from tests.scenarios.stacks import Stack

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass
class Someone:
    """A person, and what they know."""

    email: str
    password: str
    name: str = "Somebody"
    secret: str = ""
    recovery_codes: list[str] = field(default_factory=list)
    _step: int = 0

    def code(self) -> str:
        """A one-time code that was not shown before; waits while it would be too early."""
        self._step = max(step_of(authenticator_time()), self._step + 1)
        while self._step > step_of(authenticator_time()) + 1:
            time.sleep(0.5)
        return pyotp.TOTP(self.secret).generate_otp(self._step)


class Console:
    """One browser."""

    def __init__(self, site: str, *, agent: str = "Scenario/1.0") -> None:
        self.client = httpx.Client(
            base_url=site,
            follow_redirects=True,
            timeout=30,
            headers={"User-Agent": agent},
            limits=httpx.Limits(max_keepalive_connections=0),
        )
        self.text = ""

    def get(self, path: str) -> httpx.Response:
        """Look at a page."""
        return self._seen(self.client.get(path))

    def post(self, path: str, **fields: object) -> httpx.Response:
        """Send a form."""
        return self._seen(self.client.post(path, data={"csrf_token": self._token(), **fields}))

    def sign_in(self, person: Someone) -> httpx.Response:
        """With everything that it takes."""
        answer = self.post("/sign-in", email=person.email, password=person.password)
        if person.secret:
            answer = self.post("/sign-in/code", code=person.code())
        assert answer.status_code == 200, self.said()
        assert "/sign-in" not in str(answer.url), self.said()
        return answer

    def accept(self, link: str, person: Someone) -> None:
        """Accept an invitation."""
        self.get(link)
        fields = {"password": person.password, "again": person.password}
        self.post(link, name=person.name, **fields)

    def enrol(self, person: Someone) -> None:
        """Set up a second factor."""
        self.post("/second-factor/begin")
        person.secret = self.found(r'id="totp-secret">([^<]+)<').replace(" ", "")
        self.post("/second-factor", code=person.code())
        person.recovery_codes = re.findall(r"<li><code>([^<]+)</code>", self.text)
        assert len(person.recovery_codes) == 10

    def connect(self, kind: str, name: str, **fields: str) -> tuple[str, str]:
        """Connect a system. Returns its id, and the path of its secret address if it has one."""
        chosen = {"name": name, "region": "FI", "time_zone": "UTC", "external_key": ""}
        answer = self.post(f"/systems/add/{kind}", **chosen | fields)
        assert answer.status_code == 200, self.said()
        address = re.search(r'id="address"[^>]*>([^<]+)<', self.text)
        secret = address and httpx.URL(unescape(address[1])).path
        return self.found(r"/systems/([0-9a-f-]{36})"), secret or ""

    def create_key(self, name: str) -> str:
        """A live API key that may do everything."""
        scopes = ["calls:write", "calls:search", "calls:read"]
        self.post("/api-keys/add", name=name, scopes=scopes, mode="live", expires="", networks="")
        return self.found(r"(silta_\w{40,})")

    def found(self, pattern: str) -> str:
        """What the page holds."""
        found = re.search(pattern, self.text)
        assert found is not None, f"no {pattern}: {self.said()}"
        return unescape(found[1])

    def said(self) -> str:
        """The page in few words, for whoever reads why a test failed."""
        found = re.search(r"<main.*?</main>", self.text, re.DOTALL)
        return " ".join(re.sub(r"<[^>]+>", " ", found[0] if found else self.text).split())[:600]

    def _token(self) -> str:
        found = _TOKEN.search(self.text)
        if found is None:
            found = _TOKEN.search(self.client.get("/forgotten-password").text)
        assert found is not None
        return found[1]

    def _seen(self, answer: httpx.Response) -> httpx.Response:
        self.text = answer.text
        return answer


def found_tenant(
    stack: Stack, mailbox: Mailbox, owner: Someone, *, name: str, second_factor: bool = True
) -> Console:
    """A tenant whose owner has accepted the invitation and signed in."""
    stack.say("tenant", "create", name, "--owner", owner.email)
    console = Console(stack.site)
    console.accept(mailbox.link(owner.email, "/invitation/"), owner)
    console.sign_in(owner)
    if second_factor:
        console.enrol(owner)
    return console
