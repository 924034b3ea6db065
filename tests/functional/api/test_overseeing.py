"""Registers that an authority asks for, as a program writes them: once, with grounds, in time."""

from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from privacy.core import clock
from tenants.permissions import KEY_SCOPES, Permission
from tenants.principals import Mode
from tests.database.subjects.people import EMAIL, Rights
from tests.functional.api.programs import Programs
from tests.tenancies import House

API = "/api/v1"
COURT: dict[str, Any] = {
    "service": "V",
    "ground": "court",
    "reference": "4 C 7/26",
    "recipient": "Amtsgericht Example",
    "fields": ["email"],
    "email": EMAIL,
}
WHOIS = COURT | {
    "ground": "registry",
    "recipient": "Registry of example.test",
    "reference": "example.test",
    "values": {"email": EMAIL},
}


class Program:
    """Posts as Alice's program."""

    def __init__(self, programs: Programs, rights: Rights, **key: Any) -> None:
        self.client = programs.client
        self.headers = programs.key(rights.tenant, **key)

    def post(self, path: str, body: Any = None, *, once: str | None = None) -> TestResponse:
        """Send it."""
        headers = self.headers | ({"Idempotency-Key": once} if once else {})
        return self.client.post(API + path, json=body, headers=headers)

    def made(self, path: str, body: Any = None, *, once: str | None = None) -> Any:
        """The answer to what went well."""
        answer = self.post(path, body, once=once)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return answer.json

    def get(self, path: str) -> Any:
        """Read something."""
        found = self.client.get(API + path, headers=self.headers)
        assert found.status_code == 200, found.get_data(as_text=True)
        return found.json


@pytest.fixture
def rights(house: House) -> Rights:
    return Rights(house, house.alice)


@pytest.fixture
def program(programs: Programs, rights: Rights) -> Program:
    return Program(programs, rights)


@pytest.mark.promise("E3")
def test_nothing_is_disclosed_without_ground_reference_and_fields(program: Program) -> None:
    for missing in ("ground", "reference", "fields", "recipient"):
        body = {name: value for name, value in COURT.items() if name != missing}
        assert program.post("/disclosures", body).status_code == 422, missing
    wrong: list[dict[str, Any]] = [{"fields": []}, {"fields": ["religion"]}]
    for bad in (*wrong, {"ground": "authority"}, {"service": "C"}):
        assert program.post("/disclosures", COURT | bad).status_code == 422, bad
    made = program.made("/disclosures", COURT, once="told-1")
    assert program.made("/disclosures", COURT, once="told-1") == made, "once"
    assert program.post("/disclosures", WHOIS, once="told-1").status_code == 422
    previewed = program.made("/disclosures", WHOIS)
    listed = program.get("/disclosures")["disclosures"]
    assert [(one["ground"], one["at"] is None) for one in listed] == [
        ("registry", True),
        ("court", False),
    ]
    publish = f"/disclosures/{previewed['id']}/publish"
    assert program.post(publish, {"digest": "0" * 64}).status_code == 409
    assert program.made(publish, {"digest": previewed["digest"]}) == {"id": previewed["id"]}


@pytest.mark.promise("F6")
@pytest.mark.attack(69)
def test_a_loss_is_recorded_computed_assessed_and_settled(program: Program) -> None:
    now = clock.now()
    exposure = {"exposed": "database", "since": (now - timedelta(days=1)).isoformat()}
    assert program.made("/breaches/scope", exposure)["people_most"] == 0
    assert program.post("/breaches/scope", exposure | {"exposed": "account"}).status_code == 422
    wish = {
        "service": "T",
        "nature": "A copy was stolen.",
        "discovered_at": (now - timedelta(hours=1)).isoformat(),
        "exposure": exposure,
    }
    made = program.made("/breaches", wish, once="lost-1")
    assert program.made("/breaches", wish, once="lost-1") == made
    one = f"/breaches/{made['id']}"
    shown = program.get(one)
    assert (shown["scope"]["exposed"], shown["people"]) == ("database", 0)
    assert program.post(f"{one}/close", {"text": "Over."}).status_code == 409
    assert program.post(f"{one}/assess", {"risk": "unassessed", "text": "?"}).status_code == 422
    program.made(f"{one}/scope", exposure | {"exposed": "all_keys"})
    program.made(f"{one}/assess", {"risk": "high", "text": "All keys."})
    program.made(f"{one}/authority", {"text": "2026-4"})
    program.made(f"{one}/users", {"audience": "people", "text": "Their accounts."})
    assert program.post(f"{one}/close", {"text": "Over."}).status_code == 409, "nobody was told"
    shown = program.get(one)
    assert shown["scope"]["exposed"] == "all_keys"
    assert [note["kind"] for note in shown["notes"]] == ["assessment", "authority", "users"]
    assert len(program.get("/breaches")["breaches"]) == 1


@pytest.mark.promise("E1")
def test_processors_are_announced_refused_and_ended(program: Program) -> None:
    day = clock.now().date() + timedelta(days=40)
    wish = {
        "service": "V",
        "name": "Rechenzentrum Example",
        "role": "Hosting",
        "country": "DE",
        "transfer": "eu_eea",
        "fields": ["email"],
        "statement_url": "https://example.com/privacy",
        "agreement_url": "https://example.com/dpa",
        "effective_on": day.isoformat(),
    }
    assert program.post("/processors", wish | {"country": "US"}).status_code == 422
    one = f"/processors/{program.made('/processors', wish, once='p-1')['id']}"
    program.made(f"{one}/object")
    assert program.get(one)["state"] == "announced"
    program.made(f"{one}/end")
    assert program.get(one)["state"] == "ended"
    assert program.post(f"{one}/object").status_code == 409


@pytest.mark.attack(34)
def test_each_needs_its_scope_and_a_test_key_stores_nothing(
    programs: Programs, program: Program, rights: Rights
) -> None:
    writes = {Permission.DISCLOSURES_WRITE, Permission.BREACHES_WRITE, Permission.PROCESSORS_WRITE}
    reader = Program(programs, rights, scopes=KEY_SCOPES - writes)
    for path in ("/disclosures", "/breaches", "/breaches/scope", "/processors"):
        assert reader.post(path, {}).status_code == 403, path
    tested = Program(programs, rights, mode=Mode.TEST)
    tested.made("/disclosures", COURT)
    assert program.get("/disclosures")["disclosures"] == []
