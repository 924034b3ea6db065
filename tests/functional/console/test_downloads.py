"""The calls page's download: who sees it, who gets it, and what it holds."""

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest

from connector.calls.ingest import ingest_calls
from privacy.core import clock
from tenants.permissions import Role
from tests.factories import CALLER, a_call, days_ago
from tests.functional.console.town import Town

EXPORT = "/calls/export"


@pytest.fixture(scope="module", autouse=True)
def calls(town: Town) -> None:
    """Two days of Alice's."""
    tenancy = town.tenancy(town.alices)
    account = tenancy.account()
    sent = [a_call(started_at=days_ago(2), company="=1+1"), a_call(started_at=days_ago(4))]
    with tenancy.work() as work:
        ingest_calls(work, vault=town.desk.ring, account=account, calls=sent)


def test_who_may_sees_the_buttons(town: Town) -> None:
    admin = town.person("ada", Role.ADMIN, town.alices)
    for person in (town.alice, admin):
        text = town.browser(person).get("/calls").get_data(as_text=True)
        assert text.count(f'formaction="{EXPORT}"') == 2
    assert EXPORT not in town.browser(town.agent).get("/calls").get_data(as_text=True)


def test_roles_without_the_right_get_nothing(town: Town) -> None:
    for person in (town.agent, town.auditor, town.operator):
        browser = town.browser(person)
        browser.get("/me")
        answer = browser.post(EXPORT, form="csv")
        assert answer.status_code == 403
        assert "Content-Disposition" not in answer.headers


@pytest.mark.attack(50)
def test_an_owner_gets_a_table_without_formulas(town: Town) -> None:
    browser = town.browser(town.alice)
    browser.get("/calls")
    answer = browser.post(EXPORT, number="", since="", until="", cursor="", form="csv")
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="calls.csv"'
    assert answer.headers["Cache-Control"] == "no-store"
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True), newline="")))
    assert {row["caller"] for row in rows} == {CALLER}
    assert "'=1+1" in {row["company"] for row in rows}
    assert town.browser(town.auditor).get("/ledger").status_code == 200


def test_the_fields_of_the_search_narrow_it(town: Town) -> None:
    browser = town.browser(town.alice)
    browser.get("/calls")
    day = f"{days_ago(2):%Y-%m-%d}"
    answer = browser.post(EXPORT, number=CALLER, since=day, until=day, form="jsonl")
    assert answer.mimetype == "application/x-ndjson"
    assert [json.loads(line)["day"] for line in answer.data.splitlines()] == [day]
    browser.get("/calls")
    assert browser.post(EXPORT, number="+442079460099", form="jsonl").data == b""


@pytest.mark.attack(34)
def test_charlie_downloads_nothing_of_alices(town: Town) -> None:
    browser = town.browser(town.charlie)
    browser.get("/calls")
    assert browser.post(EXPORT, form="jsonl").data == b""


def test_what_is_wrong_is_said_on_the_page(town: Town) -> None:
    browser = town.browser(town.alice)
    browser.get("/calls")
    wrong: tuple[tuple[dict[str, Any], str], ...] = (
        ({"form": "xlsx"}, "Choose CSV or JSON lines."),
        ({"form": "csv", "number": "anonymous"}, "A withheld number stands for nobody."),
        ({"form": "csv", "since": "2026-11-20", "until": "2026-11-01"}, "must come after"),
    )
    for fields, told in wrong:
        answer = browser.post(EXPORT, **fields)
        assert answer.status_code == 422
        assert told in answer.get_data(as_text=True)
        assert "Content-Disposition" not in answer.headers


@pytest.mark.attack(33)
def test_it_needs_a_form_token(town: Town) -> None:
    browser = town.browser(town.alice)
    assert browser.client.post(EXPORT, data={"form": "csv"}).status_code == 400


def test_it_asks_again_who_is_there(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = town.browser(town.alice)
    browser.get("/calls")
    later = clock.now() + timedelta(minutes=11)
    monkeypatch.setattr("tenants.http.proofs.clock.now", lambda: later)
    answer = browser.post(EXPORT, form="csv")
    assert answer.headers["Location"] == "/is-it-you?onward=/calls"
