"""A real move between two servers: under load and back, then killed at every step and for good.

One town moves in all of them, in this order.
"""

import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from types import SimpleNamespace

import pytest
from sqlalchemy import Engine, text

from jobs.embedded.roles import mover_script as silta_mover_script
from privacy.backups.errors import NotAtHome
from privacy.core import clock
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.db.work import SYSTEM, unit_of_work
from privacy.core.settings import Settings
from privacy.ledger.sequencer import sequence
from privacy.ledger.verify import verify_all
from privacy.moves import servers
from privacy.moves.days import days_of
from privacy.moves.doors import is_closed
from privacy.moves.errors import MoveRefused, SidesDiffer, SwitchTooSlow
from privacy.moves.handovers import Step
from privacy.moves.links import KEPT_OUT, Progress
from privacy.moves.models import MoveState
from privacy.moves.plan import check_country
from privacy.moves.register import move_under_way
from privacy.moves.roads import Stage, serves
from privacy.moves.sequences import places_of
from privacy.moves.sides import URLS, Side
from privacy.retention.partitions import drop_partitions, make_partitions
from privacy.vault.labels import Index
from tenants.tenants.create import create_tenant
from tests.architecture.sources import ROOT
from tests.moves.commands import Silta
from tests.moves.loads import Load
from tests.moves.moving_houses import Killed, Moving, digests, kill_at
from tests.rows import RowMaker, tables_of

Check = Callable[[Side, Side], None]
OPENING = ("database_moves", "key_epochs", "key_ring_version", "key_destructions",
           "ledger_events", "ledger_pending")  # fmt: skip
"""What the opening of the new side writes."""
UNTOUCHED = ("key_", "ledger_", "clock_", "database_", "outbox_")
"""In which a made-up row would be in the service's own way."""


@pytest.mark.promise("E4")
@pytest.mark.promise("F1")
@pytest.mark.promise("F5")
def test_a_plan_says_what_is_missing_and_changes_nothing(
    moving: Moving, silta: Silta, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert silta.json("plan")["ready"] is True
    assert "GiB are needed" in silta("plan", "--room", "0.0001", code=2)
    with moving.road.old.owner() as owner:
        owner.execute(text("CREATE TABLE of_somebody (id int PRIMARY KEY)"))
    assert "of_somebody in the schema public" in silta("plan", code=2)
    with moving.road.old.owner() as owner:
        owner.execute(text("DROP TABLE of_somebody"))
    _ask_for_servers(moving, monkeypatch)
    silta.write(SILTA_OWNER_DATABASE_URL="postgresql+psycopg://o:p@db.example.com/silta")
    assert "not on loopback" in silta("plan", code=2)
    silta.write(SILTA_MOVER_DATABASE_URL="")
    assert "SILTA_MOVER_DATABASE_URL is missing" in silta("plan", code=2)
    silta.write(SILTA_KEEPER_DATABASE_URL=moving.new.database_url.get_secret_value() + "1")
    assert "does not let silta_keeper in" in silta("plan", code=2)
    old = {name: getattr(moving.old, name).get_secret_value() for name in URLS}
    silta.write(**{f"SILTA_{name.upper()}": url for name, url in old.items()})
    assert "Both sides are the same database" in silta("plan", code=2)
    silta.target.chmod(0o644)
    assert "open to others" in silta("plan", code=2)
    abroad = moving.new.model_copy(update={"database_country": "US"})
    with pytest.raises(MoveRefused, match="service V"):
        check_country(abroad, services={"V", "T"})
    with pytest.raises(MoveRefused, match="wants to know"):
        check_country(moving.new.model_copy(update={"env": "production"}), services={"C"})
    assert moving.stage is Stage.NONE
    assert silta_mover_script() == (ROOT / "docs" / "operators" / "mover.sql").read_text()


def _ask_for_servers(moving: Moving, patch: pytest.MonkeyPatch) -> None:
    """Servers as nobody here has them."""
    good: dict[str, object] = {
        "major": 18,
        "wal_level": "logical",
        "slots": 9,
        "senders": 9,
        "workers": 9,
    }
    bad: tuple[tuple[str, dict[str, object], Check], ...] = (
        ("PostgreSQL 16 or newer", {"major": 15}, servers.check_versions),
        ("older than the old", {"major": 17}, servers.check_versions),
        ("wal_level = replica", {"wal_level": "replica"}, servers.check_log),
        ("replication slots", {"slots": 2}, servers.check_slots),
        ("max_logical_replication_workers = 1", {"workers": 1}, servers.check_slots),
    )
    for told, changed, check in bad:
        there, here = SimpleNamespace(**good), SimpleNamespace(**(good | changed))
        sides = [(moving.old, there), (moving.new, here)]
        with patch.context() as within:
            within.setattr(servers, "_server", partial(_server_of, sides))
            with pytest.raises(MoveRefused, match=told):
                check(moving.road.old, moving.road.new)


def _server_of(sides: list[tuple[Settings, SimpleNamespace]], side: Side) -> SimpleNamespace:
    return next(server for given, server in sides if given is side.given)


@pytest.mark.attack(67)
@pytest.mark.promise("F5")
def test_a_move_under_load_loses_nothing_and_doubles_nothing(moving: Moving) -> None:
    filled = _fill_every_table(moving)
    before = _count(moving.old_eyes, "calls")
    load = Load(moving)
    with load.running():
        load.await_more(5)
        _kill_syncs(moving)
        _live_through_a_night(moving)
        moving.sync()
        _check_days(moving)
        load.await_more(5)
        row = moving.switch()
        there, here = (digests(e, KEPT_OUT + OPENING) for e in (moving.old_eyes, moving.new_eyes))
        assert there == here
        assert [name for name in filled if here[name].startswith("0")] == []
        load.goes_elsewhere()
        load.await_more(10)
        newcomer = _welcome(moving, moving.new)
        steps = [Step.CLOSED, Step.SETTLED, Step.KEYS, Step.LEFT]
        _kill_everywhere(moving, steps, moving.roll_back)
        moving.roll_back()
        load.comes_back()
        load.await_more(5)
    assert load.refused <= {(503, "30"), (503, "10")}
    assert (503, "30") in load.refused
    assert row.downtime_ms is not None
    assert 0 < row.downtime_ms < 60_000
    assert _count(moving.old_eyes, "calls") == before + load.acknowledged
    assert (serves(moving.road.old), serves(moving.road.new)) == (True, False)
    assert is_closed(moving.road.new)
    _meet(moving, moving.old, newcomer)
    _chain(moving, moving.old)


@pytest.mark.attack(67)
@pytest.mark.promise("F5")
def test_a_switch_is_taken_back_or_goes_on_and_a_finished_move_leaves_nothing(
    moving: Moving, silta: Silta
) -> None:
    assert silta.json("sync")["in_step"] is True
    _differ(moving)
    with pytest.raises(MoveRefused):
        moving.finish()
    places = places_of(moving.road.old)
    _kill_everywhere(moving, list(Step), moving.switch)
    told = silta.json("switch", "--then", "true")
    assert told["tables"] > 200
    assert told["rows"] > 100
    assert 0 < told["downtime_ms"] < 60_000
    assert silta.json("status")["stage"] == "open"
    assert all(places_of(moving.road.new)[name] >= places[name] for name in places)
    with pytest.raises(NotAtHome):
        moving.opened(moving.old).check()
    newcomer = _welcome(moving, moving.new)
    _chain(moving, moving.new)
    silta("finish", "--yes")
    _leaves_nothing(moving)
    _meet(moving, moving.new, newcomer)


def _differ(moving: Moving) -> None:
    """Each time the old side goes on as if nothing had been."""
    more = "INSERT INTO heartbeats (part, every, seen_at) VALUES ('more', interval '1 s', now())"
    with _changed(moving, more, "DELETE FROM heartbeats WHERE part = 'more'"):
        with pytest.raises(SidesDiffer, match="1 tables differ, heartbeats first"):
            moving.switch()
        _check_old_serves(moving, code="sides_differ")
    wall = "ALTER TABLE contacts {} ROW LEVEL SECURITY"
    with (
        _changed(moving, wall.format("DISABLE"), wall.format("ENABLE")),
        pytest.raises(SidesDiffer, match="table contacts"),
    ):
        moving.switch()
    with pytest.raises(SwitchTooSlow):
        moving.switch(seconds=0)
    _check_old_serves(moving, code="switch_too_slow")


@contextmanager
def _changed(moving: Moving, act: str, back: str) -> Iterator[None]:
    """Something on the new side that did not come from the old one."""
    for statement in (act, back):
        with moving.new_eyes.begin() as connection:
            connection.execute(text(statement))
        if statement is act:
            yield


def _leaves_nothing(moving: Moving) -> None:
    for engine in (moving.old_eyes, moving.new_eyes):
        for left in ("pg_subscription", "pg_publication", "pg_replication_slots"):
            assert _count(engine, left) == 0, left
    with unit_of_work(moving.road.new.engines.app, tenant_id=INSTALLATION_ID, actor=SYSTEM) as work:
        assert move_under_way(work) is None
    assert is_closed(moving.road.old)
    assert not serves(moving.road.old)
    with pytest.raises(MoveRefused, match="not empty"):
        moving.sync()
    with pytest.raises(MoveRefused, match="no way back"):
        moving.roll_back()


def _kill_syncs(moving: Moving) -> None:
    """At its beginning, and in the middle of the first copy."""
    with pytest.raises(MoveRefused, match="sync` first"):
        moving.switch()
    assert not Progress(tables=9, ready=8, behind=0, troubles=0).in_step
    assert not Progress(tables=9, ready=9, behind=9 << 20, troubles=0).in_step
    for ready in (0, 30):
        with pytest.raises(Killed):
            moving.sync(partial(_kill_from, ready))


def _kill_from(ready: int, now: Progress) -> None:
    if now.ready >= ready:
        raise Killed


def _live_through_a_night(moving: Moving) -> None:
    """A day comes, a day ends."""
    owner, today = moving.installed.engines.owner, clock.now().date()
    make_partitions(owner, [today + timedelta(days=60)])
    assert drop_partitions(owner, before=today - timedelta(days=28))


def _check_days(moving: Moving) -> None:
    there, here = days_of(moving.road.old), days_of(moving.road.new)
    first = {name: min(days) for name, days in there.items()}
    assert all(there[name] <= here[name] for name in there)
    assert {name: min(days) for name, days in here.items()} == first


def _fill_every_table(moving: Moving) -> list[str]:
    """A row in every table, whatever is added tomorrow."""
    with moving.old_eyes.begin() as connection:
        wanted = [n for n in tables_of(connection) if not n.startswith(UNTOUCHED)]
        return RowMaker(connection, uuid.uuid4()).fill(wanted)


def _check_old_serves(moving: Moving, *, code: str) -> None:
    assert moving.stage is Stage.SYNCING
    assert not is_closed(moving.road.old)
    with unit_of_work(moving.road.old.engines.app, tenant_id=INSTALLATION_ID, actor=SYSTEM) as work:
        row = move_under_way(work)
        assert row is not None
        assert (row.state, row.failure_code) == (MoveState.SYNCING.value, code)


def _kill_everywhere(
    moving: Moving, steps: Sequence[Step], act: Callable[[Callable[[Step], None]], object]
) -> None:
    """One after the other; at most one side ever serves."""
    for step in steps:
        with pytest.raises(Killed):
            act(kill_at(step))
        served = serves(moving.road.old), serves(moving.road.new)
        assert served != (True, True), step
        assert not (is_open(moving.road.old) and is_open(moving.road.new)), step


def is_open(side: Side) -> bool:
    """Whether somebody could write there."""
    return serves(side) and not is_closed(side)


def _welcome(moving: Moving, settings: Settings) -> uuid.UUID:
    """A tenant with keys, made where the service is now."""
    opened = moving.opened(settings)
    opened.check()
    return create_tenant(opened.desk, name="Newcomer", services=("T",))


def _meet(moving: Moving, settings: Settings, tenant_id: uuid.UUID) -> None:
    """Its keys open, and nobody else's rows are seen."""
    opened = moving.opened(settings)
    opened.check()
    with unit_of_work(opened.engines.app, tenant_id=tenant_id, actor=SYSTEM) as work:
        assert opened.vault.tenant_index(work, Index.EMAIL).digest(b"a")
        assert work.connection.execute(text("SELECT count(*) FROM calls")).scalar_one() == 0


def _chain(moving: Moving, settings: Settings) -> None:
    """As the scheduler and an auditor do."""
    opened = moving.opened(settings)
    while sequence(opened.engines.sequencer, opened.signer, opened.anchors):
        pass
    reports = list(verify_all(opened.engines.sequencer, opened.identity, opened.anchors))
    assert reports
    assert [found for report in reports for found in report.findings] == []


def _count(engine: Engine, table: str) -> int:
    with engine.connect() as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())
