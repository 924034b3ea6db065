"""What a person is given: everything about them, nothing about others, for a week."""

import csv
import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from connector.calls.holder import MASKED
from connector.subjects.registry import HOLDERS
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Gone
from privacy.identities.people import Person
from privacy.subjects.clerks import get_request
from privacy.subjects.collect import read_parts, sweep_parts
from privacy.subjects.dictionary import UNEXPLAINED
from privacy.subjects.fetch import fetch_by_agent
from privacy.subjects.packages import pack
from privacy.subjects.words import RequestKind
from tests.database.subjects.people import EMAIL, NUMBER, OTHER_EMAIL, OTHER_NUMBER, ROBIN, Rights

BY_PHONE = Person(phone=NUMBER, name="Robin")


def _package(rights: Rights, person: Person, kind: RequestKind) -> dict[str, bytes]:
    made = rights.done(kind, person)
    with rights.tenant.work() as work:
        return _packed(work, rights.clerk(work), made.id)


def _packed(work: UnitOfWork, clerk: Any, request_id: Any) -> dict[str, bytes]:
    row = get_request(work, request_id)
    file = pack(work, clerk, row, read_parts(work, clerk.vault, request_id))
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.promise("C1")
def test_everything_about_a_person_is_given_out_and_nothing_about_others(rights: Rights) -> None:
    files = _package(rights, ROBIN, RequestKind.ACCESS)
    data = json.loads(files["data.json"])
    counts = {name: len(records) for name, records in data.items()}
    assert counts == {
        "calls": 3,
        "outgoing": 1,
        "subscriptions": 1,
        "payments": 1,
        "invoices": 1,
        "inquiries": 1,
        "registrations": 1,
        "consents": 1,
        "objections": 1,
        "suppressions": 2,
        "disclosures": 0,
        "mails": 3,
        "contacts": 1,
        "requests": 1,
    }
    manifest = json.loads(files["manifest.json"])
    assert {one["name"]: one["records"] for one in manifest["holders"]} == counts
    assert set(counts) == {one.name for one in HOLDERS}
    whole = b"".join(files.values()).decode()
    for theirs in (EMAIL, NUMBER, "Hej hej", "192.0.2.7", "1990-01-01", "form 7, entry 12"):
        assert theirs in whole
    for others in (OTHER_EMAIL, "Sam", "ext-17", "+12025550199"):
        assert others not in whole
    assert manifest["controller"]["name"] == "Pilvi Cloud Company Oy"
    assert "Tietosuojavaltuutetun" in manifest["authority"]
    assert "European Economic Area" in whole
    for one in manifest["holders"]:
        assert UNEXPLAINED not in one["fields"].values(), one["fields"]
        assert bool(one["fields"]) is bool(one["records"])
        assert one["purposes"], one["name"]
        assert one["subjects"], one["name"]


@pytest.mark.promise("C1")
def test_the_other_number_of_a_call_is_masked_unless_it_is_the_tenants(rights: Rights) -> None:
    data = json.loads(_package(rights, BY_PHONE, RequestKind.ACCESS)["data.json"])
    parties = {(c["direction"], c["caller"], c["called"]) for c in data["calls"]}
    assert parties == {
        ("inbound", NUMBER, OTHER_NUMBER),
        ("outbound", OTHER_NUMBER, NUMBER),
        ("inbound", MASKED, NUMBER),
    }
    assert data["inquiries"] == data["registrations"] == [], "an address was not proven"


@pytest.mark.attack(50)
def test_a_file_for_a_spreadsheet_has_no_formula(rights: Rights) -> None:
    files = _package(rights, ROBIN, RequestKind.PORTABILITY)
    assert b"=Robin" in files["inquiries.csv"]
    assert "mails.csv" not in files, "nobody gave or did those"
    rights.ask(RequestKind.RECTIFICATION, ROBIN, wish='=HYPERLINK("http://example.net")')
    files |= _package(rights, ROBIN, RequestKind.ACCESS)
    cells = [
        cell
        for name, content in files.items()
        if name.endswith(".csv")
        for line in csv.reader(io.StringIO(content.decode(), newline=""))
        for cell in line
    ]
    assert any(cell.startswith("'=HYPERLINK") for cell in cells)
    risky = [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    assert set(risky) <= {NUMBER, OTHER_NUMBER}


def test_a_file_is_sealed_fetched_once_and_gone_after_a_week(
    rights: Rights, monkeypatch: pytest.MonkeyPatch
) -> None:
    for row in rights.house.rows("SELECT part_sealed FROM subject_parts"):
        assert NUMBER.encode() not in bytes(row[0])  # type: ignore[call-overload]
    first, second = (rights.done(RequestKind.ACCESS, BY_PHONE) for _ in range(2))
    with rights.tenant.work() as work:
        assert fetch_by_agent(work, rights.clerk(work), request_id=first.id)[:2] == b"PK"
    with rights.tenant.work() as work, pytest.raises(Gone):
        fetch_by_agent(work, rights.clerk(work), request_id=first.id)
    monkeypatch.setattr("privacy.core.clock._offset", timedelta(days=8))
    with rights.tenant.work() as work:
        assert sweep_parts(work) > 0
    with rights.tenant.work() as work, pytest.raises(Gone):
        fetch_by_agent(work, rights.clerk(work), request_id=second.id)


@pytest.mark.promise("B1")
def test_calls_in_a_file_end_with_their_days(
    rights: Rights, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = rights.done(RequestKind.ACCESS, BY_PHONE)
    monkeypatch.setattr("privacy.core.clock._offset", timedelta(days=22))
    rights.house.installation.superuser()
    with rights.house.installation.superuser().begin() as connection:
        connection.execute(text("UPDATE subject_parts SET expires_at = '2200-01-01'"))
        connection.execute(text("UPDATE subject_day_parts SET expires_at = '2200-01-01'"))
    with rights.tenant.work() as work:
        data = json.loads(_packed(work, rights.clerk(work), made.id)["data.json"])
    assert len(data["calls"]) == 2
