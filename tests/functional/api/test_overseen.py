"""Registers that an authority asks for, and decisions about requests, as a program sees them."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]
from fideslang.default_taxonomy import DEFAULT_TAXONOMY
from fideslang.models import System
from werkzeug.test import TestResponse

from connector.contacts.write import Entry, create_contact
from connector.synced.shapes import Contact
from privacy.breaches.record import record_breach
from privacy.breaches.shapes import Discovered, What
from privacy.disclosures.record import record_disclosure
from privacy.processors.announce import announce_processor
from privacy.processors.fideslang import BASES, SUBJECTS, USES
from privacy.processors.shapes import Announcing
from privacy.profiles.sharing import Transfer
from privacy.subjects.decide import extension_told
from privacy.subjects.words import Phase, RequestKind
from tenants.permissions import Permission
from tests.database.subjects.corners import COURT
from tests.database.subjects.people import EMAIL, ROBIN, Rights
from tests.functional.api.programs import Programs
from tests.tenancies import House

API = "/api/v1"


@pytest.fixture
def rights(programs: Programs, house: House) -> Rights:
    return Rights(house, house.alice)


def _get(programs: Programs, rights: Rights, path: str, status: int = 200, **key: Any) -> Any:
    found = programs.client.get(API + path, headers=programs.key(rights.tenant, **key))
    assert found.status_code == status, found.get_data(as_text=True)
    return found.json if found.is_json else found.get_data(as_text=True)


def _post(programs: Programs, rights: Rights, path: str, body: Any, **key: Any) -> TestResponse:
    headers = programs.key(rights.tenant, **key)
    return programs.client.post(API + path, json=body, headers=headers)


@pytest.mark.promise("E3")
@pytest.mark.promise("F6")
@pytest.mark.attack(34)
def test_registers_are_read_by_pages_and_by_nobody_else(programs: Programs, house: House) -> None:
    rights, others = Rights(house, house.alice), Rights(house, house.charlie)
    vault, breaches = house.vault, list[str]()
    with rights.tenant.work() as work:
        for hours in (1, 2, 3):
            at, what = work.now - timedelta(hours=hours), What(nature=f"Loss {hours}")
            made = record_breach(work, vault, Discovered("V", what, at))
            breaches.append(str(made))
        disclosure = record_disclosure(work, vault, COURT)
        processor = announce_processor(work, _coming(work.today + timedelta(days=40)))
    page = _get(programs, rights, "/breaches?limit=2")
    assert [one["nature"] for one in page["breaches"]] == ["Loss 1", "Loss 2"]
    assert page["breaches"][0]["clocks"][0]["state"] == "running"
    rest = _get(programs, rights, f"/breaches?limit=2&cursor={page['next_cursor']}")
    assert ([one["id"] for one in rest["breaches"]], rest["next_cursor"]) == (breaches[2:], None)
    assert _get(programs, rights, "/disclosures")["disclosures"][0]["reference"] == "4 C 7/26"
    found = _post(programs, rights, "/disclosures/search", {"email": EMAIL}).json
    assert found is not None
    assert [one["id"] for one in found["disclosures"]] == [str(disclosure)]
    listed = _get(programs, rights, "/processors")["processors"]
    assert [one["state"] for one in listed if one["id"] == str(processor)] == ["announced"]
    for path in (
        f"/breaches/{breaches[0]}",
        f"/disclosures/{disclosure}",
        f"/processors/{processor}",
    ):
        assert _get(programs, rights, path)["id"] == path.rpartition("/")[2]
        _get(programs, others, path, 404)
        _get(programs, rights, path, 403, scopes=[Permission.CALLS_READ])


def _coming(day: Any) -> Announcing:
    return Announcing(
        service="V",
        name='Rechenzentrum "Nord": eins',
        role="Hosting",
        country="DE",
        transfer=Transfer.EU_EEA,
        fields=("email",),
        statement_url="https://example.com/privacy",
        agreement_url="https://example.com/dpa",
        effective_on=day,
    )


def test_records_of_processing_are_fideslang_too(programs: Programs, rights: Rights) -> None:
    with rights.tenant.work() as work:
        announce_processor(work, _coming(work.today + timedelta(days=40)))
    records = _get(programs, rights, "/records-of-processing")["records"]
    assert {one["service"] for one in records} == {"Moontalk Connector", "Netversor"}
    manifest = yaml.safe_load(_get(programs, rights, "/records-of-processing/fideslang"))
    systems = [System(**one) for one in manifest["system"]]
    assert [one.fides_key for one in systems] == ["silta_moontalk", "silta_netversor"]
    declared = [one for system in systems for one in system.privacy_declarations]
    taxonomy = DEFAULT_TAXONOMY
    categories = {one.fides_key for one in taxonomy.data_category}
    assert {key for one in declared for key in one.data_categories} <= categories
    assert {one.data_use for one in declared} <= {one.fides_key for one in taxonomy.data_use}
    subjects = {one.fides_key for one in taxonomy.data_subject}
    assert {key for one in declared for key in one.data_subjects} <= subjects
    assert any("Nord" in (one.third_parties or "") for one in declared)
    assert set(USES.values()) <= {one.fides_key for one in taxonomy.data_use}
    assert len(BASES) == 4
    assert len(SUBJECTS) == 2


@pytest.mark.promise("C4")
@pytest.mark.promise("C5")
@pytest.mark.attack(34)
def test_what_people_decide_a_program_can_decide(programs: Programs, house: House) -> None:
    rights, others = Rights(house, house.alice), Rights(house, house.charlie)
    made = rights.ask(RequestKind.ERASURE)
    one = f"/subject-requests/{made.id}"
    bodies: dict[str, Any] = {
        "extend": {"reasons": "It is in many systems."},
        "refuse": {"ground": "not_identified", "reasons": "Nobody answered."},
        "order": {"due": "2199-01-15", "order": "Ombudsman, 17/2026: erase."},
        "decide": {"upheld": True, "reasons": "We need it no longer."},
        "tick": {"place": 0},
        "close": None,
    }
    for what, body in bodies.items():
        for asking, path in ((others, one), (rights, f"/subject-requests/{uuid.uuid4()}")):
            gone = _post(programs, asking, f"{path}/{what}", {"nonsense": 1})
            assert gone.status_code == 404, what
        if body is not None:
            assert _post(programs, rights, f"{one}/{what}", {}).status_code in (400, 422), what
    assert _post(programs, rights, f"{one}/order", bodies["order"]).status_code == 409
    assert _post(programs, rights, f"{one}/extend", bodies["extend"]).json["state"] == "verifying"  # type: ignore[index]
    with rights.tenant.work() as work:
        extension_told(work, request_id=made.id)
    refused = _post(programs, rights, f"{one}/refuse", bodies["refuse"])
    assert refused.json == {"id": str(made.id), "state": "refused"}
    shown = _get(programs, rights, one)
    assert (shown["ground"], shown["extended_at"] is not None) == ("not_identified", True)
    assert _post(programs, rights, f"{one}/close", None).json["state"] == "closed"  # type: ignore[index]
    ordered = _post(programs, rights, f"{one}/order", bodies["order"])
    assert ordered.json == {"id": str(made.id), "state": "received"}
    assert _get(programs, rights, one)["due_on"] == "2199-01-15"
    reader = {"scopes": [Permission.REQUESTS_READ]}
    assert _post(programs, rights, f"{one}/refuse", bodies["refuse"], **reader).status_code == 403


def test_an_objection_is_decided_and_steps_are_ticked_off(
    programs: Programs, rights: Rights
) -> None:
    made = rights.ask(RequestKind.PROCESSING, ROBIN, wish="I do not want to be analysed.")
    rights.prove(made.id)
    rights.run(made.id)
    one = f"/subject-requests/{made.id}"
    upheld = _post(programs, rights, f"{one}/decide", {"upheld": True, "reasons": "Agreed."})
    assert upheld.status_code == 200, upheld.json
    manual = rights.ask(RequestKind.RECTIFICATION, ROBIN, wish="My street is Street 2.")
    rights.prove(manual.id)
    two = f"/subject-requests/{manual.id}"
    steps = _get(programs, rights, two)["steps"]
    (place, *_) = (n for n, step in enumerate(steps) if step["phase"] == Phase.MANUAL)
    assert _post(programs, rights, f"{two}/tick", {"place": place}).status_code == 200
    assert _post(programs, rights, f"{two}/tick", {"place": place}).status_code == 409


def test_a_row_is_held_and_released(programs: Programs, rights: Rights) -> None:
    others = Rights(rights.house, rights.house.charlie)
    with rights.tenant.work() as work:
        entry = Entry(Contact(name="Robin Example", emails=(EMAIL,)))
        row = str(create_contact(work, vault=rights.tenant.vault, entry=entry))
    wish = {"relation": "contacts", "row_id": row, "reason": "Case 17"}
    assert _post(programs, others, "/holds", wish).status_code == 404
    made = _post(programs, rights, "/holds", wish).json
    assert made is not None
    (held,) = _get(programs, rights, "/holds")["holds"]
    assert (held["id"], held["row_id"], held["reason"]) == (made["id"], row, "Case 17")
    erasure = rights.done(RequestKind.ERASURE)
    end = f"/holds/{made['id']}/end"
    assert _post(programs, others, end, None).status_code == 404
    assert _post(programs, rights, end, None).json == {
        "id": made["id"],
        "resumed": [str(erasure.id)],
    }
    assert _post(programs, rights, end, None).status_code == 404
    assert _get(programs, rights, "/holds") == {"holds": [], "next_cursor": None}
