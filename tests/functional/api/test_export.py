"""A file of calls over the API: what is in it, who gets it, and what is left when it ends."""

import csv
import io
import json
from collections.abc import Generator
from datetime import timedelta
from typing import Any, cast

import pytest
from sqlalchemy.pool import QueuePool
from werkzeug.test import TestResponse

from connector.calls.exported import ExportForm
from connector.calls.queries import Query
from connector.http import exports
from privacy.core.db.work import SYSTEM, UnitOfWork
from tenants.permissions import KEY_SCOPES, Permission
from tenants.principals import Mode
from tests.functional.api.programs import Programs, call
from tests.tenancies import House

EXPORT = "/api/v1/calls/export"
SAID = (
    "SELECT event, facts->>'form', facts->>'most' FROM ledger_events WHERE event LIKE '%exported'"
)


@pytest.fixture
def key(programs: Programs, house: House) -> dict[str, str]:
    house.alice.account()
    return programs.key(house.alice)


def export(programs: Programs, key: dict[str, str], form: str, **wanted: Any) -> TestResponse:
    body = {"format": form} | wanted
    return programs.client.post(EXPORT, json=body, headers=key, buffered=True)


def lines(answer: TestResponse) -> list[dict[str, Any]]:
    return [json.loads(line) for line in answer.data.splitlines()]


def test_json_lines_hold_what_a_search_finds(programs: Programs, key: dict[str, str]) -> None:
    programs.post_calls(key, [call(n) for n in range(3)])
    found = programs.client.post("/api/v1/calls/search", json={}, headers=key).json
    assert found is not None
    exported = lines(export(programs, key, "jsonl"))
    assert sorted(exported, key=lambda one: str(one["id"])) == sorted(
        found["calls"], key=lambda one: str(one["id"])
    )


def test_it_is_a_download_that_nobody_keeps(programs: Programs, key: dict[str, str]) -> None:
    programs.post_calls(key, [call(1)])
    kinds = {"jsonl": "application/x-ndjson", "csv": "text/csv"}
    for form, kind in kinds.items():
        answer = export(programs, key, form)
        assert answer.status_code == 200
        assert answer.mimetype == kind
        named = f'attachment; filename="calls.{form}"'
        assert answer.headers["Content-Disposition"] == named
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Silta-Mode"] == "live"


@pytest.mark.attack(50)
def test_no_cell_is_a_formula(programs: Programs, key: dict[str, str]) -> None:
    formulas = ["=1+1", "+1+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "'=1", '=HYPERLINK("x")']
    sent = [call(n, company=text, contact_person=text) for n, text in enumerate(formulas)]
    answer = programs.post_calls(key, sent)
    assert answer.json is not None
    taken = answer.json["accepted"]
    assert taken >= len(formulas) - 2
    rows = list(csv.DictReader(io.StringIO(export(programs, key, "csv").text, newline="")))
    assert len(rows) == taken
    for row in rows:
        assert row["caller"].startswith("+1202555")
        for name in ("company", "contact_person", "source_id", "user_id"):
            assert row[name][:1] not in set("=+-@\t\r\n\0＝＋－＠"), row


def test_number_user_and_time_narrow_it(programs: Programs, key: dict[str, str]) -> None:
    old = [call(n, ago=timedelta(days=n)) for n in range(1, 6)]
    programs.post_calls(key, [*old, call(7, user_id="agent-9")])
    assert len(lines(export(programs, key, "jsonl"))) == 6
    by_number = lines(export(programs, key, "jsonl", number="001 202 555 0103"))
    assert [one["source_id"] for one in by_number] == ["call-3"]
    by_user = lines(export(programs, key, "jsonl", user_id="agent-9"))
    assert [one["source_id"] for one in by_user] == ["call-7"]
    since, until = old[3]["started_at"], old[1]["started_at"]
    in_time = lines(export(programs, key, "jsonl", since=since, until=until))
    assert [one["source_id"] for one in in_time] == ["call-4", "call-3"]


UNUSABLE: list[dict[str, object]] = [
    {},
    {"format": "xlsx"},
    {"format": None},
    {"format": "csv", "number": "anonymous"},
    {"format": "csv", "number": ""},
    {"format": "csv", "since": "2026-11-20"},
    {"format": "csv", "until": "9999-12-31T23:59:59-14:00"},
    {"format": "csv", "since": "2026-11-20T10:00:00Z", "until": "2026-11-20T10:00:00Z"},
    {"format": "csv", "tenant_id": "x"},
]


def test_what_cannot_be_exported_is_said_before_a_byte(
    programs: Programs, key: dict[str, str], house: House
) -> None:
    for who in (key, programs.key(house.alice, mode=Mode.TEST)):
        for body in UNUSABLE:
            answer = programs.client.post(EXPORT, json=body, headers=who)
            told = (answer.status_code, answer.content_type)
            assert told == (422, "application/problem+json"), body
            assert "Content-Disposition" not in answer.headers
    assert list(house.rows(SAID)) == []


@pytest.mark.attack(34)
def test_charlie_s_file_holds_nothing_of_alice_s(
    programs: Programs, key: dict[str, str], house: House
) -> None:
    programs.post_calls(key, [call(1)])
    charlie = programs.key(house.charlie)
    assert export(programs, charlie, "jsonl").data == b""
    assert export(programs, charlie, "csv").data.count(b"\r\n") == 1
    assert export(programs, charlie, "jsonl", number="+12025550101").data == b""


def test_only_with_the_scope(programs: Programs, house: House) -> None:
    house.alice.account()
    others = programs.key(house.alice, scopes=KEY_SCOPES - {Permission.CALLS_EXPORT})
    alone = programs.key(house.alice, scopes=[Permission.CALLS_EXPORT])
    assert export(programs, others, "csv").status_code == 403
    assert export(programs, {}, "csv").status_code == 401
    assert export(programs, alone, "csv").status_code == 200


def test_a_test_key_gets_a_file_of_no_calls(
    programs: Programs, key: dict[str, str], house: House
) -> None:
    programs.post_calls(key, [call(1)])
    trying = programs.key(house.alice, mode=Mode.TEST)
    answer = export(programs, trying, "jsonl")
    assert (answer.data, answer.headers["Silta-Mode"]) == (b"", "test")
    assert export(programs, trying, "csv").data.startswith(b"id,account,")
    assert list(house.rows(SAID)) == []


def test_the_ledger_knows_before_the_first_byte(
    programs: Programs, key: dict[str, str], house: House
) -> None:
    programs.post_calls(key, [call(1), call(2)])
    answer = programs.client.post(EXPORT, json={"format": "csv"}, headers=key, buffered=False)
    assert list(house.rows(SAID)) == [("api:calls:exported", "csv", "2")]
    answer.close()


def held(house: House) -> int:
    """Connections that are out of the pool."""
    return cast(QueuePool, house.installation.engines.app.pool).checkedout()


@pytest.mark.attack(47)
def test_a_reader_who_goes_away_leaves_no_connection_behind(
    programs: Programs, key: dict[str, str], house: House
) -> None:
    programs.post_calls(key, [call(n) for n in range(5)])
    before = held(house)
    answer = programs.client.post(EXPORT, json={"format": "csv"}, headers=key)
    assert next(answer.iter_encoded()).startswith(b"id,")
    assert held(house) == before + 1
    answer.close()
    assert held(house) == before


def test_a_file_that_nobody_reads_holds_nothing(programs: Programs, house: House) -> None:
    house.alice.account()
    before = held(house)
    made = download(house)
    made.parts().close()
    assert held(house) == before


def test_a_file_that_breaks_off_says_so(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(_: UnitOfWork, **__: object) -> Generator[bytes]:
        yield b"a line\n"
        raise RuntimeError("+12025550101")

    before = held(house)
    monkeypatch.setattr(exports, "export_calls", breaks)
    parts = download(house).parts()
    assert [next(parts), next(parts)] == [b"a line\n", b"export_broken_off\r\n"]
    assert exports.BROKEN_OFF[ExportForm.JSON_LINES] == b'{"error":"export_broken_off"}\n'
    with pytest.raises(exports.ExportBrokenOff) as broken:
        next(parts)
    assert "2025550101" not in str(broken.value)
    assert held(house) == before


def download(house: House) -> exports.Download:
    """All of Alice's calls."""
    engine = house.installation.engines.app
    form = ExportForm.CSV
    return exports.Download(engine, house.vault, house.alice.id, SYSTEM, Query(), form, "r" * 32)
