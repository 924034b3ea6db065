"""Callers get names from contacts, where their exchange sent none."""

import json
from typing import Any

import pytest
from sqlalchemy import event

from connector.calls.queries import Query
from connector.calls.search import search_calls
from connector.contacts.naming import name_calls
from tenants.permissions import KEY_SCOPES, Permission
from tests.database.records.books import Books, a_contact, an_account, received
from tests.functional.api.programs import Programs, call
from tests.tenancies import House


@pytest.fixture
def key(programs: Programs, house: House) -> dict[str, str]:
    house.alice.account()
    return programs.key(house.alice)


@pytest.fixture
def books(house: House) -> Books:
    return Books(house.alice, an_account(house.alice))


def search(programs: Programs, key: dict[str, str], **by: Any) -> list[dict[str, Any]]:
    answer = programs.client.post("/api/v1/calls/search", json=by, headers=key)
    assert answer.json is not None
    found: list[dict[str, Any]] = answer.json["calls"]
    return found


def exported(programs: Programs, key: dict[str, str], **by: Any) -> list[dict[str, Any]]:
    body = {"format": "jsonl"} | by
    answer = programs.client.post("/api/v1/calls/export", json=body, headers=key, buffered=True)
    return [json.loads(line) for line in answer.data.splitlines()]


@pytest.mark.promise("A8")
def test_a_call_without_a_name_gets_it_from_a_contact(
    programs: Programs, key: dict[str, str], books: Books
) -> None:
    books.save(received("1", a_contact(phones=("001 202 555 0105",))))
    sent = [
        call(5),
        call(6),
        call(7, caller="+12025550105", contact_person="Exchange's own"),
        call(8, direction="outbound", caller="+442079460018", called="+12025550105"),
        call(9, direction="internal", caller="+12025550105"),
    ]
    programs.post_calls(key, sent)
    found = {one["source_id"]: one for one in search(programs, key)}
    for named in ("call-5", "call-8"):
        one = found[named]
        assert (one["contact_person"], one["company"]) == ("Robin Example", "Example Ltd")
        assert one["contact_source"] == "contact"
        read = programs.client.get(f"/api/v1/calls/{one['id']}", headers=key).json
        assert read == one
        contact = programs.client.get(f"/api/v1/contacts/{one['contact_id']}", headers=key)
        assert contact.status_code == 200
    assert found["call-7"]["contact_person"] == "Exchange's own"
    assert found["call-7"]["contact_source"] == "exchange"
    for unnamed in ("call-6", "call-9"):
        assert found[unnamed]["company"] is None
        assert found[unnamed]["contact_source"] is None


def test_an_export_has_names_when_they_are_asked_for(
    programs: Programs, key: dict[str, str], books: Books
) -> None:
    books.save(received("1", a_contact(name="Robin", is_person=True, phones=("+12025550105",))))
    programs.post_calls(key, [call(5)])
    [bare] = exported(programs, key)
    assert (bare["contact_person"], bare["contact_source"]) == (None, None)
    [named] = exported(programs, key, names=True)
    assert (named["contact_person"], named["company"]) == ("Robin", None)
    assert named["contact_source"] == "contact"
    [found] = search(programs, key)
    assert found == named


def test_names_are_for_those_who_may_see_contacts(
    programs: Programs, key: dict[str, str], books: Books, house: House
) -> None:
    books.save(received("1", a_contact(phones=("+12025550105",))))
    programs.post_calls(key, [call(5)])
    without = programs.key(house.alice, scopes=KEY_SCOPES - {Permission.CONTACTS_READ})
    assert search(programs, without)[0]["contact_source"] is None
    assert exported(programs, without, names=True)[0]["contact_source"] is None


@pytest.mark.attack(34)
def test_another_tenants_contacts_name_nobody(
    programs: Programs, key: dict[str, str], house: House
) -> None:
    charlies = Books(house.charlie, an_account(house.charlie))
    charlies.save(received("1", a_contact(phones=("+12025550105",))))
    programs.post_calls(key, [call(5)])
    assert search(programs, key)[0]["contact_source"] is None


@pytest.mark.promise("C2")
def test_an_erased_contact_names_nobody(
    programs: Programs, key: dict[str, str], books: Books
) -> None:
    books.save(received("1", a_contact(phones=("+12025550105",))))
    programs.post_calls(key, [call(5)])
    assert search(programs, key)[0]["contact_source"] == "contact"
    books.remove("1")
    assert search(programs, key)[0]["contact_source"] is None


def test_a_page_of_calls_is_named_in_one_question(
    programs: Programs, key: dict[str, str], books: Books, house: House
) -> None:
    books.save_all(
        [received(str(n), a_contact(phones=(f"+1202555{n:04}",))) for n in range(100, 200)]
    )
    programs.post_calls(key, [call(n) for n in range(100)])
    asked: list[str] = []
    with house.alice.work() as work:
        page = search_calls(work, vault=house.vault, query=Query(), limit=100)
        engine = house.installation.engines.app
        event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
        named = name_calls(work, vault=house.vault, calls=page.calls)
    assert len(named) == 100
    assert all(view.contact_id for view in named)
    assert len([statement for statement in asked if "contact_tokens" in statement]) == 1
