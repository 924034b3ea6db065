"""An examination is kept, shown to whom it concerns, counted, and an alert where it must be."""

import json
import uuid
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner
from prometheus_client import CollectorRegistry, generate_latest
from sqlalchemy import text

from connector.http.figures import InstallationFigures
from jobs.commands import promises as command
from jobs.contexts import TaskContext
from jobs.tasks.promises import examine_all, examine_own
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.ids import new_id
from privacy.promises.catalogue import promises
from privacy.promises.keep import RunView, latest_run
from privacy.promises.outcomes import Outcome, gathered, judge, untestable
from tests.isolation.walls.lives.programs import header_of, new_key
from tests.isolation.walls.world import World

NAMES = ("Robin", "robin@", "Alice", "Olga", "+1202555", "Fjord", "Ida")


def _context(world: World, tenant_id: uuid.UUID = INSTALLATION_ID) -> TaskContext:
    held = world.installation
    house: Any = SimpleNamespace(
        settings=held.settings,
        engines=held.engines,
        custody=world.town.house.custody,
        vault=world.town.desk.ring,
        desk=world.town.desk,
    )
    return TaskContext(house, new_id(), tenant_id, "promises.examine", 0, {})


def _latest(world: World, tenant_id: uuid.UUID) -> RunView:
    with world.town.desk.tenant(tenant_id) as work:
        found = latest_run(work)
    assert found is not None
    return found


def _mails(world: World) -> int:
    statement = text("SELECT count(*) FROM mails WHERE kind = 'promise_broken'")
    with world.installation.superuser().connect() as connection:
        return int(connection.execute(statement).scalar_one())


@pytest.fixture
def broken(world: World) -> Iterator[None]:
    """An objection of Alice's that no sending would honour; mended afterwards."""
    engine = world.installation.superuser()
    with engine.begin() as connection:
        gone = connection.execute(text("DELETE FROM suppressions RETURNING *"))
        kept = [dict(row) for row in gone.mappings()]
    yield
    with engine.begin() as connection:
        for row in kept:
            names, values = ", ".join(map(str, row)), ", ".join(f":{name}" for name in row)
            put = text(f"INSERT INTO suppressions ({names}) VALUES ({values})")
            connection.execute(put, {str(name): value for name, value in row.items()})


def test_everything_is_examined_kept_and_shown(world: World) -> None:
    town = world.town
    assert town.operator.email
    examine_all(_context(world))
    house, alices = _latest(world, INSTALLATION_ID), _latest(world, town.alices)
    assert set(house.report.standing) == set(promises())
    for key in ("A12", "B1", "C6", "F2", "F9"):
        assert house.report.of(key) is Outcome.KEPT, key
        assert alices.report.of(key) is Outcome.KEPT, key
    told = json.dumps([one.finding.evidence for one in house.report.looked])
    assert [name for name in NAMES if name in told] == []
    shared = [one for one in alices.report.looked if one.scope == "installation"]
    assert all(not one.finding.evidence for one in shared), "no count of anybody else's"


def test_owners_auditors_and_programs_see_their_own(world: World) -> None:
    town = world.town
    examine_own(_context(world, town.alices))
    page = world.alice_in.get("/promises").get_data(as_text=True)
    assert "Objections, by kind and channel" in page
    assert "Calls end" in page
    assert world.alice_in.post("/promises/examine").status_code == 302
    assert town.browser(town.agent).get("/promises").status_code == 403
    key = header_of(new_key(town, town.alices))
    said = town.app.test_client().get("/api/v1/promises", headers=key)
    assert said.status_code == 200
    assert said.json is not None
    assert {one["id"] for one in said.json["promises"]} == set(promises())


@pytest.mark.usefixtures("broken")
def test_a_broken_promise_is_an_alert_once(world: World) -> None:
    assert world.town.operator.email
    before = _mails(world)
    examine_all(_context(world))
    run = _latest(world, world.town.alices)
    assert run.broken == ["C6"] or "C6" in run.broken
    first = _mails(world)
    assert first >= before + 2, "Alice and the operator"
    examine_all(_context(world))
    assert _mails(world) == first, "told once, not each night"
    registry = CollectorRegistry()
    registry.register(InstallationFigures(world.installation.engines))
    shown = generate_latest(registry).decode()
    assert 'silta_promise_broken{about="C6"} 1.0' in shown
    assert 'silta_promises{about="kept"}' in shown


@pytest.mark.usefixtures("broken")
def test_the_command_fails_when_a_promise_is_broken(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "open_installation", lambda: _context(world).house)
    done = CliRunner().invoke(command.promises, ["--json"])
    assert done.exit_code == 1
    assert "probe failed" not in done.output
    said = {one["id"]: one for one in json.loads(done.stdout.splitlines()[-1])["promises"]}
    assert said["C6"]["outcome"] == "broken"
    assert set(said) == set(promises())
    lines = CliRunner().invoke(command.promises, ["--tenant", str(world.town.alices), "--broken"])
    assert lines.exit_code == 1
    assert "✗ C6" in lines.stdout
    assert "· F4" not in lines.stdout


def test_findings_of_many_become_one() -> None:
    together = gathered(
        [judge(seen=2, wrong=0, oldest_call=None), judge(seen=1, wrong=1), untestable("none")]
    )
    assert together.outcome is Outcome.BROKEN
    assert together.evidence["seen"] == 3
    assert together.evidence["tenants_broken"] == 1
    assert gathered([untestable("none"), judge(seen=1, wrong=0)]).outcome is Outcome.KEPT
    assert gathered([]).outcome is Outcome.UNTESTABLE
