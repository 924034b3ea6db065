"""A call of a person who objected says so wherever it is shown, from the same moment on."""

import csv
import io
import json
from typing import Any

import pytest
from sqlalchemy import event, text

from connector.contacts.write import Entry, create_contact
from connector.synced.shapes import Contact
from privacy.core.db.engine import Engines
from tests.database.subjects.people import Rights
from tests.functional.api.programs import Programs, call
from tests.tenancies import House


@pytest.fixture
def key(programs: Programs, house: House) -> dict[str, str]:
    house.alice.account()
    key = programs.key(house.alice)
    programs.post_calls(key, [call(n) for n in range(20)])
    return key


def _post(programs: Programs, key: dict[str, str], path: str, body: dict[str, Any]) -> Any:
    answer = programs.client.post(f"/api/v1/{path}", json=body, headers=key)
    assert answer.status_code == 200, answer.json
    return answer


def _marked(programs: Programs, key: dict[str, str]) -> set[str]:
    calls = _post(programs, key, "calls/search", {}).json["calls"]
    assert len(calls) == 20
    return {one["caller"] for one in calls if one["do_not_call"]}


def _object(programs: Programs, key: dict[str, str], number: str) -> str:
    said = {"objections": ["telemarketing"], "number": number, "channel": "telephone"}
    ids: list[str] = _post(programs, key, "objections", said).json["ids"]
    return ids[0]


@pytest.mark.promise("C6")
def test_a_call_says_do_not_call_until_the_objection_ends(
    programs: Programs, key: dict[str, str]
) -> None:
    assert _marked(programs, key) == set()
    objection = _object(programs, key, "+1 202 555 0107")
    assert _marked(programs, key) == {"+12025550107"}
    found = _post(programs, key, "calls/search", {"number": "+12025550107"}).json["calls"]
    one = programs.client.get(f"/api/v1/calls/{found[0]['id']}", headers=key).json
    assert one == found[0]
    assert one["do_not_call"] is True
    _post(programs, key, f"objections/{objection}/end", {})
    assert _marked(programs, key) == set()


@pytest.mark.promise("C6")
def test_an_export_says_so_too(programs: Programs, key: dict[str, str]) -> None:
    _object(programs, key, "+12025550107")
    lines = _post(programs, key, "calls/export", {"format": "jsonl"}).text.splitlines()
    exported = [json.loads(line) for line in lines]
    assert {one["caller"] for one in exported if one["do_not_call"]} == {"+12025550107"}
    table = _post(programs, key, "calls/export", {"format": "csv"}).text
    rows = list(csv.DictReader(io.StringIO(table)))
    assert sorted({row["do_not_call"] for row in rows}) == ["false", "true"]


@pytest.mark.attack(34)
def test_another_tenant_s_objection_marks_nothing(
    programs: Programs, house: House, key: dict[str, str]
) -> None:
    _object(programs, programs.key(house.charlie), "+12025550107")
    assert _marked(programs, key) == set()


def test_a_page_asks_once(programs: Programs, house: House, key: dict[str, str]) -> None:
    _object(programs, key, "+12025550107")
    asked: list[str] = []
    engines: Engines = house.installation.engines

    def note(*sent: Any) -> None:
        asked.append(sent[2])

    event.listen(engines.app, "before_cursor_execute", note)
    _marked(programs, key)
    event.remove(engines.app, "before_cursor_execute", note)
    assert len([one for one in asked if "suppressions" in one]) == 2


@pytest.mark.promise("A13")
@pytest.mark.promise("C6")
def test_what_is_read_for_a_purpose_leaves_out_who_objected_to_it(
    programs: Programs, key: dict[str, str], house: House
) -> None:
    Rights(house, house.alice)
    with house.installation.superuser().begin() as connection:
        connection.execute(text("UPDATE tenants SET services = '{T}'"))
    with house.alice.work() as work:
        person = Contact(name="Robin", phones=("+12025550107",))
        create_contact(work, vault=house.vault, entry=Entry(person))
    contacts, search = "/api/v1/contacts", {"purpose": "telemarketing"}

    def seen() -> tuple[int, int, int, int]:
        listed = programs.client.get(f"{contacts}?purpose=telemarketing", headers=key).json
        found = _post(programs, key, "contacts/search", {"phone": "+12025550107", **search}).json
        calls = _post(programs, key, "calls/search", search).json["calls"]
        lines = _post(programs, key, "calls/export", {"format": "jsonl", **search}).text
        assert listed is not None
        return len(listed["contacts"]), len(found["contacts"]), len(calls), lines.count("\n")

    assert seen() == (1, 1, 20, 20)
    _object(programs, key, "+12025550107")
    assert seen() == (0, 0, 19, 19)
    assert len(_post(programs, key, "calls/search", {}).json["calls"]) == 20
    for path in (f"{contacts}?purpose=selling", "/api/v1/invoices?purpose=telemarketing"):
        assert programs.client.get(path, headers=key).status_code in (400, 422), path
