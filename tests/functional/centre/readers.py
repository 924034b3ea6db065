"""Somebody who reads a privacy centre: without a cookie, without a script, with a mailbox."""

import re
import uuid
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from privacy.mails.kinds import MailKind
from privacy.mails.models import Mail
from privacy.mails.read_kept import read_kept
from tests.functional.console.town import Town

_HIDDEN = re.compile(r'name="(challenge|proof|lang|reference)" value="([^"]*)"')
_KEYS = re.compile(r'class="key">([^<]+)<')
_CODE = re.compile(r"\b([2-9A-Z]{5}-[2-9A-Z]{5})\b")


@dataclass
class Reader:
    """Opens pages of one centre."""

    town: Town
    tenant: uuid.UUID
    place: str
    text: str = ""

    @cached_property
    def client(self) -> FlaskClient:
        """A browser that keeps no cookie, for there is none to keep."""
        return self.town.app.test_client(use_cookies=False)

    def get(self, path: str, status: int = 200) -> str:
        """A page of the centre."""
        return self._seen(self.client.get(self.place + path), status)

    def post(self, path: str, status: int = 200, **fields: Any) -> TestResponse:
        """Send what the page before carried along, and what was typed."""
        hidden = {name: unescape(value) for name, value in _HIDDEN.findall(self.text)}
        answer = self.client.post(self.place + path, data=hidden | fields)
        self._seen(answer, status)
        return answer

    def keys(self) -> list[str]:
        """Reference and code that the page shows."""
        return _KEYS.findall(self.text)

    def code(self, kind: MailKind) -> str:
        """The code in the newest mail of a kind."""
        with self.town.desk.tenant(self.tenant) as work:
            found = work.session.scalars(
                select(Mail.id).where(Mail.kind == kind.value).order_by(Mail.created_at.desc())
            ).first()
            assert found is not None
            letter = read_kept(work, self.town.desk.ring, mail_id=found)
        code = _CODE.search(letter.body)
        assert code is not None
        return code[1]

    def _seen(self, answer: TestResponse, status: int) -> str:
        text = "" if answer.mimetype == "application/zip" else answer.get_data(as_text=True)
        assert answer.status_code == status, text
        assert "Set-Cookie" not in answer.headers
        self.text = unescape(text)
        return self.text
