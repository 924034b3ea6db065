"""Consent choices on a tenant's own site: asked by category, recorded, withdrawn, and no more."""

import re
import secrets
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from werkzeug.test import TestResponse

from connector.http.centre import robots
from connector.http.forms import choices
from privacy.profiles import profile
from tests.functional.centre.readers import Reader

SITE = {"Origin": "https://shop.example"}
VISITOR = secrets.token_urlsafe(24)
pytestmark = [pytest.mark.promise("D4"), pytest.mark.promise("D5")]


def _place(reader: Reader, slug: str = "netversor") -> str:
    return f"/forms/v1/choices/{reader.place.rpartition('/')[2]}/{slug}"


def _choose(reader: Reader, *categories: str, **given: Any) -> TestResponse:
    version = profile("V").policy.dated.isoformat()
    body = {"visitor": VISITOR, "categories": list(categories), "version": version} | given
    return reader.client.post(_place(reader), json=body, headers=SITE)


def _register(reader: Reader) -> list[tuple[str, str, str]]:
    statement = text(
        "SELECT c.purpose, e.act, e.channel FROM consents c JOIN consent_events e "
        "ON e.tenant_id = c.tenant_id AND e.consent_id = c.id ORDER BY e.id"
    )
    with reader.town.desk.tenant(reader.tenant) as work:
        return [tuple(row) for row in work.connection.execute(statement)]


def test_choices_are_recorded_by_category_and_withdrawn_as_easily(reader: Reader) -> None:
    asked = reader.client.get(f"{_place(reader)}?lang=sv", headers=SITE)
    assert asked.headers["Access-Control-Allow-Origin"] == SITE["Origin"]
    assert "Set-Cookie" not in asked.headers
    shown = asked.json
    assert shown is not None
    assert shown["language"] == "sv"
    named = profile("V").cookie_policy.categories
    assert {one["key"] for one in shown["categories"]} == set(named) - {"essential"}
    assert all(one["wording"].startswith("Jag samtycker") for one in shown["categories"])
    assert _register(reader) == [], "looking records nothing"
    assert _choose(reader, "analytics", "functional").json == {"given": 2, "withdrawn": 0}
    assert _choose(reader, "analytics", "functional").json == {"given": 0, "withdrawn": 0}
    assert _choose(reader, "functional").json == {"given": 0, "withdrawn": 1}
    assert _choose(reader).json == {"given": 0, "withdrawn": 1}
    assert sorted(_register(reader)) == [
        ("cookies_analytics", "given", "snippet"),
        ("cookies_analytics", "withdrawn", "snippet"),
        ("cookies_functional", "given", "snippet"),
        ("cookies_functional", "withdrawn", "snippet"),
    ]


def test_only_what_was_shown_is_agreed_to(reader: Reader) -> None:
    before = len(_register(reader))
    assert _choose(reader, "analytics", version="2001-01-01").status_code == 409
    assert _choose(reader, "essential", "everything").json == {"given": 0, "withdrawn": 0}
    assert _choose(reader, "analytics", visitor="short").status_code == 422
    assert _choose(reader, "analytics", name="Robin").status_code == 422
    assert reader.client.get(_place(reader, "nosuch"), headers=SITE).status_code == 404
    told = reader.client.options(_place(reader), headers=SITE)
    assert (told.status_code, told.headers["Access-Control-Allow-Headers"]) == (204, "content-type")
    assert "Access-Control-Allow-Credentials" not in told.headers
    assert len(_register(reader)) == before


@pytest.mark.attack(25)
def test_nobody_fills_the_register(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(robots, "CHOICES", replace(robots.CHOICES, quota=3))
    told = [_choose(reader, "analytics", version="old").status_code for _ in range(4)]
    assert told[-1] == 429
    assert set(told) <= {409, 429}


@pytest.mark.attack(25)
def test_no_crowd_fills_the_register_and_everybody_can_take_back(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(robots, "CHOICES_ALL", replace(robots.CHOICES_ALL, name="crowd", quota=1))
    mine, other = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
    assert _choose(reader, "analytics", visitor=mine).status_code == 200
    assert _choose(reader, "analytics", visitor=other).status_code == 429
    assert _choose(reader, visitor=mine).json == {"given": 0, "withdrawn": 1}


def test_the_script_is_one_small_file_of_ours_alone(reader: Reader) -> None:
    answer = reader.client.get("/forms/consent.js")
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    source = Path(choices.__file__).with_name("scripts").joinpath("consent.js").read_text()
    assert answer.get_data(as_text=True) == source
    assert len(source) < 8_000
    code = re.sub(r"/\*.*?\*/", "", source, flags=re.DOTALL)
    assert not re.search(r"https?://|eval\(|innerHTML|document\.cookie|new Function|\.style", code)
