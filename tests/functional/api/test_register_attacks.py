"""Registers under attack: what breaks a list for good is refused, what is repeated happens once."""

import uuid
from datetime import timedelta
from typing import Any

import pytest

from privacy.core import clock
from privacy.core.ids import new_id
from tenants.permissions import Permission
from tests.database.subjects.people import Rights
from tests.functional.api.programs import Programs
from tests.functional.api.test_overseeing import COURT, WHOIS, Program
from tests.tenancies import House

PROCESSOR: dict[str, Any] = {
    "service": "V",
    "name": "Rechenzentrum Example",
    "role": "Hosting",
    "country": "DE",
    "transfer": "eu_eea",
    "fields": ["email"],
    "statement_url": "https://example.com/privacy",
    "agreement_url": "https://example.com/dpa",
    "effective_on": "2098-12-22",
}
HIDDEN = ("\0", "a\0b", "\u202egnp.exe", "\x1b[31mred", "a\r\nBcc: robin@example.com")
BEYOND = ("0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-14:00")


@pytest.fixture
def program(programs: Programs, house: House) -> Program:
    return Program(programs, Rights(house, house.alice))


def _lost(**given: Any) -> dict[str, Any]:
    at = (clock.now() - timedelta(hours=1)).isoformat()
    return {"service": "V", "nature": "A disk\r\nwas lost.", "discovered_at": at} | given


def _refused(program: Program, path: str, body: dict[str, Any]) -> None:
    assert program.post(path, body).status_code == 422, (path, body)


@pytest.mark.promise("E3")
@pytest.mark.attack(53)
def test_nothing_that_hides_or_cannot_be_shown_gets_into_a_register(program: Program) -> None:
    for text in HIDDEN:
        for name in ("contact", "recipient", "reference", "name"):
            _refused(program, "/disclosures", COURT | {name: text})
        _refused(program, "/disclosures", WHOIS | {"values": {"email": text}})
        for name in ("name", "role"):
            _refused(program, "/processors", PROCESSOR | {name: text})
        _refused(program, "/processors", PROCESSOR | {"statement_url": f"https://{text}"})
        _refused(program, "/breaches", _lost(tables=[text]))
    for text in HIDDEN[:-1]:
        _refused(program, "/breaches", _lost(nature=text))
    for moment in BEYOND:
        _refused(program, "/disclosures", COURT | {"at": moment})
        _refused(program, "/breaches", _lost(discovered_at=moment))
        exposure = {"exposed": "all_keys", "since": moment}
        _refused(program, "/breaches/scope", exposure)
        _refused(program, "/breaches", _lost(exposure=exposure))
    for people in (-1, 2_000_000_001, 10**30, 0.5, True):
        _refused(program, "/breaches", _lost(people=people))
    _refused(program, "/breaches", _lost(tables=["calls"] * 101))
    assert program.get("/disclosures")["disclosures"] == []
    assert program.get("/breaches")["breaches"] == []
    assert not [one for one in program.get("/processors")["processors"] if one["id"]]
    program.made("/processors", PROCESSOR | {"name": "مركز البيانات"})


@pytest.mark.promise("A7")
@pytest.mark.promise("E1")
def test_no_card_and_no_footing_that_is_none_gets_into_a_register(program: Program) -> None:
    for card in ("4111111111111111", "4111 1111\u00a01111-1111"):
        for name in ("nature", "consequences", "measures", "responsible"):
            _refused(program, "/breaches", _lost(**{name: f"Card {card}."}))
        _refused(program, "/processors", PROCESSOR | {"role": card})
    one = f"/breaches/{program.made('/breaches', _lost())['id']}"
    _refused(program, f"{one}/assess", {"risk": "high", "text": "Card 4111-1111-1111-1111."})
    elsewhere = PROCESSOR | {"service": "T", "transfer": "adequacy"}
    for country in ("CN", "RU", "IN", "ZZ"):
        _refused(program, "/processors", elsewhere | {"country": country})
    program.made("/processors", elsewhere | {"country": "CH"})


@pytest.mark.promise("F6")
@pytest.mark.attack(44)
def test_a_decision_about_a_loss_is_taken_once(program: Program) -> None:
    one = f"/breaches/{program.made('/breaches', _lost())['id']}"
    told = {"text": "2026-4"}
    first = program.post(f"{one}/authority", told, once="told")
    again = program.post(f"{one}/authority", told, once="told")
    assert (first.json, again.headers["Idempotent-Replayed"]) == (again.json, "true")
    assert program.post(f"{one}/authority", {"text": "Other"}, once="told").status_code == 422
    assessed = {"risk": "high", "text": "All of it."}
    exposure = {"exposed": "database", "since": (clock.now() - timedelta(days=1)).isoformat()}
    for path, body in (("assess", assessed), ("scope", exposure), ("assess", assessed)):
        program.made(f"{one}/{path}", body, once=path)
    users = {"audience": "people", "text": "Their accounts."}
    for _ in range(2):
        program.made(f"{one}/users", users, once="users")
    noted = [note["kind"] for note in program.get(one)["notes"]]
    assert noted == ["authority", "assessment", "users"]
    others = users | {"audience": "registrants"}
    assert program.post(f"{one}/users", others).status_code == 409, "the first are written to yet"


@pytest.mark.promise("F6")
@pytest.mark.attack(34)
def test_nobody_decides_about_a_loss_of_others_or_with_a_key_that_may_not(
    program: Program, programs: Programs, house: House
) -> None:
    one = f"/breaches/{program.made('/breaches', _lost())['id']}"
    others = Program(programs, Rights(house, house.charlie))
    reader = Program(programs, Rights(house, house.alice), scopes=(Permission.BREACHES_READ,))
    for act in ("assess", "authority", "users", "close", "scope"):
        for body in ({"text": "It was nothing."}, {"nonsense": True}):
            assert others.post(f"{one}/{act}", body, once=act).status_code == 404, act
            assert reader.post(f"{one}/{act}", body, once=act).status_code == 403, act
            assert program.post(f"/breaches/{_foreign()}/{act}", body).status_code == 404, act
    assert program.get(one)["notes"] == []


def _foreign() -> uuid.UUID:
    return new_id()
