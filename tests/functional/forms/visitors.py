"""Visitors of web forms: a browser without cookies, with or without a script."""

import hashlib
import re
from dataclasses import dataclass
from html import unescape
from itertools import count
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from connector.inquiries.forms.change import FormSettings, add_form
from connector.inquiries.forms.refs import FormRef, ref_of
from tests.functional.console.town import Town

ORIGIN = "https://www.example.com"
TYPED = {
    "name": "Robin Example",
    "email": "robin@example.org",
    "telephone": "+46 31 390 06 01",
    "message": "Hello,\r\nplease call me.\r\n",
}
_HIDDEN = re.compile(r'name="(challenge|proof|lang)" value="([^"]*)"')
_BITS = re.compile(r'data-bits="(\d+)"')
_VALUE = re.compile(r'<input id="(\w+)"[^>]* value="([^"]*)"')
_AREA = re.compile(r"<textarea[^>]*>([^<]*)</textarea>")


def settings(**given: Any) -> FormSettings:
    """A form of a Cloudvisor site, unless `given` says otherwise."""
    values: dict[str, Any] = {
        "name": "Contact",
        "service": "C",
        "notice_url": "https://www.example.com/privacy",
        "origins": (ORIGIN,),
        "answers_to": "desk@example.com",
    }
    return FormSettings(**(values | given))


def new_form(town: Town, tenant: Any, **given: Any) -> FormRef:
    """A form of a tenant."""
    with town.desk.tenant(tenant) as work:
        return ref_of(work, add_form(work, vault=town.desk.ring, settings=settings(**given)))


def solve(challenge: str, bits: int) -> str:
    """What the script finds."""
    for number in count():
        digest = hashlib.sha256(f"{challenge}:{number}".encode()).digest()
        if int.from_bytes(digest, "big") >> (256 - bits) == 0:
            return str(number)
    raise AssertionError


@dataclass
class Visitor:
    """Looks at a form and sends it; keeps no cookie, for there is none to keep."""

    client: FlaskClient
    page: TestResponse | None = None

    def look(self, form: FormRef, lang: str = "en") -> TestResponse:
        """The page."""
        self.page = self.client.get(f"/f/{form.key}?lang={lang}")
        assert self.page.status_code == 200, self.page.get_data(as_text=True)
        return self.page

    def hidden(self) -> dict[str, str]:
        """What the page carries along."""
        assert self.page is not None
        return {name: unescape(v) for name, v in _HIDDEN.findall(self.page.get_data(as_text=True))}

    def solved(self) -> dict[str, str]:
        """The same, with the proof that a script adds."""
        assert self.page is not None
        bits = _BITS.search(self.page.get_data(as_text=True))
        assert bits is not None
        hidden = self.hidden()
        return hidden | {"proof": solve(hidden["challenge"], int(bits[1]))}

    def typed(self) -> dict[str, str]:
        """What stands in the fields of the page."""
        assert self.page is not None
        text = self.page.get_data(as_text=True)
        found = {name: unescape(value) for name, value in _VALUE.findall(text)}
        area = _AREA.search(text)
        return found | ({"message": unescape(area[1])} if area else {})

    def send(self, form: FormRef, **fields: str) -> TestResponse:
        """Press the button."""
        self.page = self.client.post(f"/f/{form.key}", data=fields)
        assert "Set-Cookie" not in self.page.headers
        return self.page
