"""What ends on time, who may move time, and what happens when a clock lies."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from tests.scenarios.consoles import Console, Someone, found_tenant
from tests.scenarios.mailboxes import mailbox
from tests.scenarios.stacks import ROOT, Stack, eventually, free_port

pytestmark = pytest.mark.slow

AGES = (0, 1, 12, 29)
NUMBER = "+12025550143"
_KEYS = "SELECT count(*) FROM key_ring WHERE data = 'calls' AND kind = 'day' AND tenant_id = %s"
_ALL = "SELECT tenant_id, key_id, epoch FROM key_ring ORDER BY 1, 2"
_PARTITIONS = "SELECT count(*) FROM pg_inherits"


@dataclass
class Tenant:
    """A tenant with calls of several ages; `ids` are the calls' by their age in days."""

    stack: Stack
    owner: Someone
    console: Console
    id: str
    key: str
    ids: dict[int, str]

    def api(self, method: str, path: str, *, site: str = "", **given: Any) -> httpx.Response:
        """Ask the API."""
        url = f"{site or self.stack.site}/api/v1{path}"
        headers = {"Authorization": f"Bearer {self.key}"}
        return httpx.request(method, url, headers=headers, timeout=30, **given)

    def served(self, *, site: str = "") -> set[int]:
        """Ages of the calls that are served, one by one; the search has to agree."""
        single = {
            age
            for age, call in self.ids.items()
            if self.api("GET", f"/calls/{call}", site=site).status_code == 200
        }
        answer = self.api("POST", "/calls/search", site=site, json={"number": NUMBER})
        assert answer.status_code == 200, answer.text
        found = {call["source_id"] for call in answer.json()["calls"]}
        assert found == {f"call-{age}" for age in single}
        return single

    def post(self, age: int) -> dict[str, Any]:
        """Send the call of some days ago, and what was said to that."""
        noon = datetime.now(UTC).replace(hour=0, minute=0, second=30, microsecond=0)
        record = {
            "source_id": f"call-{age}",
            "direction": "inbound",
            "caller": NUMBER,
            "called": "+442079460018",
            "started_at": (noon - timedelta(days=age)).isoformat(),
        }
        said: dict[str, Any] = self.api("POST", "/calls", json=[record]).json()
        return said


@dataclass
class Land:
    """One stack with two tenants."""

    stack: Stack
    alice: Tenant
    charlie: Tenant


@pytest.fixture(scope="module")
def land() -> Iterator[Land]:
    """A stack at today's date."""
    with mailbox() as box:
        stack = Stack(SILTA_SMTP_URL=box.url)
        try:
            stack.start()
            tenants = []
            for name in ("alice", "charlie"):
                owner = Someone(f"{name}@example.com", "vivid kettle plum rowing", name)
                console = found_tenant(stack, box, owner, name=name, second_factor=False)
                tenants.append(_settle(stack, owner, console))
            yield Land(stack, *tenants)
        finally:
            stack.close()


def _settle(stack: Stack, owner: Someone, console: Console) -> Tenant:
    console.connect("api", "Program")
    key = console.create_key("Program")
    newest = "SELECT tenant_id::text FROM api_keys ORDER BY created_at DESC LIMIT 1"
    tenant = Tenant(stack, owner, console, stack.rows(newest)[0][0], key, {})
    for age in AGES:
        assert tenant.post(age)["accepted"] == 1
    found = tenant.api("POST", "/calls/search", json={"number": NUMBER}).json()["calls"]
    tenant.ids = {int(call["source_id"].removeprefix("call-")): call["id"] for call in found}
    assert tenant.served() == set(AGES)
    return tenant


def _today(stack: Stack) -> date:
    (row,) = stack.rows("SELECT (now() AT TIME ZONE 'UTC')::date")
    assert isinstance(row[0], date)
    return row[0]


def _refused(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 2, done.stdout
    (line,) = done.stderr.strip().splitlines()
    assert line.startswith("silta: ")
    return line


@contextmanager
def _web(stack: Stack, *, days: int) -> Iterator[str]:
    """Another web server of the same installation, whose clock is `days` on; nobody sweeps."""
    bind, variables = f"127.0.0.1:{free_port()}", stack.variables()
    moved = {
        "SILTA_BIND": bind,
        "SILTA_PUBLIC_URL": f"http://{bind}",
        "SILTA_METRICS_BIND": f"127.0.0.1:{free_port()}",
        "SILTA_CLOCK_DAYS": str(days),
    }
    log = (stack.folder / f"web-{days}.log").open("wb")
    command = [sys.executable, "-m", "wsgi", "web"]
    with log, subprocess.Popen(command, cwd=ROOT, env=variables | moved, stderr=log) as web:
        try:
            eventually(lambda: _answers(f"http://{bind}"), seconds=90)
            yield f"http://{bind}"
        finally:
            web.terminate()


def _answers(site: str) -> bool:
    try:
        return httpx.get(f"{site}/healthz").status_code == 200
    except httpx.HTTPError:
        return False


def test_a_dry_run_says_and_changes_nothing(land: Land) -> None:
    stack, today = land.stack, _today(land.stack)
    before, partitions = stack.rows(_ALL), stack.count(_PARTITIONS)
    said = stack.say("retention", "run", "--dry-run")
    assert (said["day_keys"], said["partitions"], said["as_of"]) == (0, 0, today.isoformat())
    later = today + timedelta(days=1)
    said = stack.say("retention", "run", "--dry-run", "--as-of", later.isoformat())
    assert said["day_keys"] == 2  # each tenant's of 29 days ago
    assert (stack.rows(_ALL), stack.count(_PARTITIONS)) == (before, partitions)


@pytest.mark.attack(68)
def test_nobody_destroys_as_of_another_day(land: Land) -> None:
    stack, today = land.stack, _today(land.stack)
    before = stack.rows(_ALL)
    tomorrow, yesterday = ((today + timedelta(days=n)).isoformat() for n in (1, -1))
    assert "--dry-run" in _refused(stack.silta("retention", "run", "--as-of", tomorrow))
    _refused(stack.silta("retention", "run", "--dry-run", "--as-of", yesterday))
    moved = {"SILTA_ENV": "production", "SILTA_CLOCK_DAYS": "31"}
    assert "SILTA_CLOCK_DAYS" in _refused(stack.silta("retention", "run", **moved))
    assert stack.rows(_ALL) == before


@pytest.mark.attack(68)
@pytest.mark.parametrize("by", ["31 days", "-31 days", "11 minutes"])
def test_a_clock_that_lies_destroys_nothing(land: Land, by: str) -> None:
    """The database believes in another moment than this host does."""
    stack = land.stack
    with stack.superuser() as connection:
        connection.execute("CREATE SCHEMA IF NOT EXISTS skew")
        connection.execute("GRANT USAGE ON SCHEMA skew TO PUBLIC")
        connection.execute(
            "CREATE OR REPLACE FUNCTION skew.clock_timestamp() RETURNS timestamptz LANGUAGE sql "
            "AS $$ SELECT pg_catalog.clock_timestamp() + current_setting('skew.by')::interval $$"
        )
    options = quote(f"-csearch_path=skew,pg_catalog,public -cskew.by={by.replace(' ', '')}")
    urls = {name: url for name, url in stack.variables().items() if name.endswith("DATABASE_URL")}
    lying = {name: f"{url}&options={options}" for name, url in urls.items()}
    before = stack.rows(_ALL)
    assert "Nothing was destroyed" in _refused(stack.silta("retention", "run", **lying))
    assert stack.rows(_ALL) == before


@pytest.mark.attack(68)
def test_a_record_past_its_time_is_not_served_however_late_the_sweep(land: Land) -> None:
    stack, alice = land.stack, land.alice
    rows = stack.count("SELECT count(*) FROM calls WHERE tenant_id = %s", alice.id)
    with _web(stack, days=30) as site:
        assert alice.served(site=site) == set()
        console = Console(site)
        console.sign_in(alice.owner)
        console.post("/calls", number=NUMBER, since="", until="")
        assert "No call with this number" in console.text
        assert console.get(f"/calls/{alice.ids[0]}").status_code == 404
        console.get(f"/calls/day/{_today(stack)}")
        assert "202555" not in console.text.replace(" ", "")
    assert rows == stack.count("SELECT count(*) FROM calls WHERE tenant_id = %s", alice.id)
    assert stack.count(_KEYS + " AND day <= now()::date", alice.id) == len(AGES)
    assert alice.served() == set(AGES)


@pytest.mark.promise("B1")
def test_a_tenant_keeps_less_and_more_revives_nothing(land: Land) -> None:
    stack, charlie = land.stack, land.charlie
    charlie.console.post("/settings", name="charlie", retention_days="10")
    assert "Saved." in charlie.console.text
    assert charlie.served() == {0, 1}
    said = stack.say("retention", "run")
    assert said["day_keys"] == 2
    here = "SELECT count(*) FROM calls WHERE tenant_id = %s"
    eventually(lambda: stack.count(here, charlie.id) == 2)
    assert stack.count(here, land.alice.id) == len(AGES)
    charlie.console.post("/settings", name="charlie", retention_days="30")
    assert charlie.served() == {0, 1}
    for age in (12, 29):
        said = charlie.post(age)
        assert (said["accepted"], said["expired"], said["rejected"]) == (0, 1, [])
    assert charlie.served() == {0, 1}
    assert land.alice.served() == set(AGES)


@pytest.mark.attack(68)
def test_time_that_went_on_does_not_run_back(land: Land) -> None:
    """Last in this file: the whole installation goes on by 31 days, and then comes back."""
    stack = land.stack
    month = timedelta(days=31)
    promised = stack.say(
        "retention", "run", "--dry-run", "--as-of", (_today(stack) + month).isoformat()
    )
    done = stack.say("retention", "run", SILTA_CLOCK_DAYS="31")
    assert (done["day_keys"], done["as_of"]) == (promised["day_keys"], promised["as_of"])
    assert done["partitions"] >= promised["partitions"]
    for call in land.alice.ids.values():
        assert land.alice.api("GET", f"/calls/{call}").status_code in {404, 410}
    assert stack.count(_KEYS + " AND day <= now()::date", land.alice.id) == 0
    left = stack.rows(_ALL)
    assert "Nothing was destroyed" in _refused(stack.silta("retention", "run"))
    assert stack.rows(_ALL) == left
    assert json.loads(stack.silta("keys", "check", "--json").stdout) == {"keys": "ok"}
