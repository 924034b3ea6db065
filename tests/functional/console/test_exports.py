"""An organisation's archive, from the pages and over the API: made, fetched once, opened."""

import io
import uuid
from datetime import timedelta
from typing import Any

import pytest
from pyrage import x25519
from sqlalchemy import text

from connector.exports.ages import Opener
from connector.exports.make import Making, make_export
from connector.exports.walk import check_archive, walking
from migrations.run import known_revisions
from privacy.core import clock
from privacy.core.db.work import SYSTEM
from tenants.api_keys.create import create_api_key
from tenants.permissions import Permission
from tests.functional.console.town import Browser, Town

PASSPHRASE = "kettle rowing vivid plum"
KEY = x25519.Identity.generate()
REVISIONS = known_revisions()
SCOPES = (Permission.EXPORTS_READ, Permission.EXPORTS_WRITE)


def _make(town: Town) -> uuid.UUID:
    """What the job does with the export that waits."""
    with town.desk.tenant(town.alices) as work:
        waiting = text("SELECT id FROM tenant_exports WHERE state = 'waiting'")
        export_id: uuid.UUID = work.connection.execute(waiting).scalar_one()
    assert make_export(Making(town.desk, town.alices, SYSTEM, export_id, schema="0026_exports"))
    return export_id


def _ask(browser: Browser, **fields: Any) -> None:
    browser.get("/exports")
    assert browser.post("/exports", **fields).status_code == 302


def _paths(content: bytes, opener: Opener) -> list[str]:
    manifest = check_archive(io.BytesIO(content), opener, revisions=REVISIONS)
    assert manifest.tenant.name == "Alice Oy"
    with walking(io.BytesIO(content), opener) as files:
        return [path for path, _ in files]


def test_an_owner_makes_one_for_a_key_and_fetches_it_once(town: Town) -> None:
    browser = town.browser(town.alice)
    _ask(browser, recipient=str(KEY.to_public()))
    assert "In line" in browser.get("/exports").get_data(as_text=True)
    again = browser.post("/exports", recipient="")
    assert again.status_code == 409
    assert "Another export is being made" in again.get_data(as_text=True)
    export_id = _make(town)
    page = browser.get(f"/exports/{export_id}").get_data(as_text=True)
    assert "records/ledger_events.jsonl" in page
    assert "passphrase" not in page
    answer = browser.post(f"/exports/{export_id}/fetch")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"].endswith('.tar.zst.age"')
    paths = _paths(answer.data, Opener(identities=[KEY]))
    assert paths[-1] == "manifest.json"
    assert "records/people.jsonl" in paths
    browser.get("/exports")
    assert browser.post(f"/exports/{export_id}/fetch").status_code == 410


def test_a_passphrase_is_kept_nowhere(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    browser = town.browser(town.alice)
    _ask(browser, recipient="")
    export_id = _make(town)
    browser.get(f"/exports/{export_id}")
    short = browser.post(f"/exports/{export_id}/fetch", passphrase="short")
    assert short.status_code == 422
    assert "12 characters" in short.get_data(as_text=True)
    answer = browser.post(f"/exports/{export_id}/fetch", passphrase=PASSPHRASE)
    assert _paths(answer.data, Opener(passphrase=PASSPHRASE))
    assert PASSPHRASE not in caplog.text
    with town.house.installation.superuser().connect() as connection:
        rows = connection.execute(
            text("SELECT t::text FROM tenant_exports t UNION ALL SELECT e::text FROM outbox_jobs e")
        )
        assert PASSPHRASE not in "".join(rows.scalars())


@pytest.mark.attack(34)
def test_nobody_else_sees_or_gets_it(town: Town) -> None:
    alice = town.browser(town.alice)
    _ask(alice, recipient=str(KEY.to_public()))
    export_id = _make(town)
    charlie = town.browser(town.charlie)
    assert charlie.get(f"/exports/{export_id}").status_code == 404
    for act in ("fetch", "delete"):
        charlie.get("/exports")
        assert charlie.post(f"/exports/{export_id}/{act}").status_code == 404
    for person in (town.agent, town.auditor, town.operator):
        assert town.browser(person).get("/exports").status_code == 403
    alice.get("/exports")
    assert alice.post(f"/exports/{export_id}/delete").status_code == 302
    assert alice.get(f"/exports/{export_id}").status_code == 404


def test_it_asks_again_who_is_there(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = town.browser(town.alice)
    browser.get("/exports")
    later = clock.now() + timedelta(minutes=11)
    monkeypatch.setattr("tenants.http.proofs.clock.now", lambda: later)
    answer = browser.post("/exports", recipient="")
    assert answer.headers["Location"] == "/is-it-you?onward=/exports"


def test_a_schedule_is_set_and_ended(town: Town) -> None:
    browser = town.browser(town.alice)
    browser.get("/exports/schedule")
    wrong = browser.post("/exports/schedule", every_days="30", recipient="age1nonsense")
    assert "it begins with age1" in wrong.get_data(as_text=True)
    right = browser.post("/exports/schedule", every_days="30", recipient=str(KEY.to_public()))
    assert right.status_code == 302
    assert "Every 30 days" in browser.get("/exports").get_data(as_text=True)
    assert browser.post("/exports/schedule/end").status_code == 302
    assert "No archive is made by itself" in browser.get("/exports").get_data(as_text=True)


def test_a_program_asks_waits_and_fetches(town: Town) -> None:
    client, key = town.app.test_client(), _key(town, *SCOPES)

    def told(method: str, path: str, **sent: Any) -> Any:
        return client.open(f"/api/v1/exports{path}", method=method, headers=key, **sent).json

    one = f"/{told('POST', '', json={'recipient': str(KEY.to_public())})['id']}"
    assert told("POST", f"{one}/fetch", json={})["code"] == "export_not_ready"
    _make(town)
    made = told("GET", one)
    assert (made["state"], made["rows_done"] >= made["rows_total"]) == ("ready", True)
    assert made["files"]
    fetching = f"/api/v1/exports{one}/fetch"
    reading = _key(town, Permission.EXPORTS_READ)
    assert client.post(fetching, json={}, headers=reading).status_code == 403
    answer = client.post(fetching, json={}, headers=key)
    assert _paths(answer.data, Opener(identities=[KEY]))
    assert told("GET", one)["state"] == "fetched"
    assert told("GET", "?limit=1")["next_before"]
    assert told("DELETE", one) == {"done": True}
    assert told("GET", one)["code"] == "not_found"


def _key(town: Town, *scopes: Permission) -> dict[str, str]:
    with town.desk.tenant(town.alices, SYSTEM) as work:
        made = create_api_key(town.desk.ring, work, name="mover", scopes=scopes)
    return {"Authorization": f"Bearer {made.text}"}
