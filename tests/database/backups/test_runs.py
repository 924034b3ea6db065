"""The archive job: killed, refused, full, slow, late; old archives are untouched by all of it."""

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import text

from jobs.contexts import TaskContext
from jobs.tasks import backups
from privacy.backups.alerts import Alert, standing_alerts
from privacy.backups.errors import (
    ArchiveRunning,
    StoreAbroad,
    StoreDenied,
    StoreFailed,
    StoreFull,
)
from privacy.backups.fetches import fetched
from privacy.backups.parts import PartWriter
from privacy.backups.regions import check_region
from privacy.backups.register import list_archives
from privacy.backups.run import run_backup
from privacy.backups.seals import read_identities
from privacy.backups.stores import OffsiteStore
from privacy.core import clock
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.db.work import SYSTEM
from privacy.core.outbox.enqueue import enqueue
from privacy.core.outbox.names import JobName
from privacy.core.settings import Settings
from tests.architecture.sources import ROOT
from tests.database.backups.stations import Silta, Station

KILLS = int(os.environ.get("SILTA_TEST_KILLS", "3"))
"""Fifty of them: SILTA_TEST_KILLS=50."""

_RUNS = """
import os, sys
from jobs.installation import open_installation
from jobs.yards import yard_of
from privacy.backups.run import run_backup
for _ in sys.stdin:
    if child := os.fork():
        os.waitpid(child, 0)
        print("over", flush=True)
        continue
    yard = yard_of(open_installation())
    print(os.getpid(), flush=True)
    said = lambda part: print(part.name, flush=True)
    run_backup(yard, force=True, part_bytes=4_000, on_part=said)
    os._exit(0)
"""


def _states(station: Station) -> list[tuple[str, str | None]]:
    with station.opened.desk.installation(SYSTEM) as work:
        return [(row.state, row.failure_code) for row in list_archives(work, limit=99)]


@pytest.mark.promise("F4")
def test_a_killed_run_leaves_no_archive_and_the_next_succeeds(
    station: Station, tmp_path: Path
) -> None:
    """SIGKILL after some part, or somewhere before the first or after the last."""
    station.house.alice.account()
    whole = station.archive()
    chance = random.Random(4)
    with _runs(station, tmp_path) as runs:
        for number in range(KILLS):
            _kill(runs, parts=chance.choice((0, 1, 3, 8, 14)), wait=chance.random() / 20)
            shelf = station.depot.shelf()
            found = [one.manifest.archive_id for one in shelf.archives]
            assert whole.manifest.archive_id in found, number
            for one in shelf.archives:
                with fetched(station.depot, one.manifest, read_identities(station.identity)):
                    pass
    made = station.archive()
    shelf = station.depot.shelf()
    assert shelf.newest is not None
    assert shelf.newest.manifest.archive_id == made.manifest.archive_id
    assert (shelf.orphans, shelf.refused) == ({}, {})
    assert not list(station.store.rglob("*#*"))
    assert {state for state, _ in _states(station)} <= {"whole", "failed"}


@contextmanager
def _runs(station: Station, folder: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that begins a run, in a fork of its own, for each line that it reads."""
    runs = subprocess.Popen(
        [sys.executable, "-c", _RUNS],
        cwd=ROOT,
        env=os.environ | _variables(station.settings),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with runs:
        yield runs
        assert runs.stdin is not None
        runs.stdin.close()


def _kill(runs: subprocess.Popen[str], *, parts: int, wait: float) -> None:
    assert runs.stdin is not None
    assert runs.stdout is not None
    print(file=runs.stdin, flush=True)
    child = int(runs.stdout.readline())
    said = [runs.stdout.readline() for _ in range(parts)]
    time.sleep(wait)
    if "over\n" not in said:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        while runs.stdout.readline() != "over\n":
            pass


def _variables(settings: Settings) -> dict[str, str]:
    given = settings.model_dump(exclude_none=True, exclude_defaults=True)
    plain = {
        name: value.get_secret_value() if hasattr(value, "get_secret_value") else str(value)
        for name, value in given.items()
    }
    return {f"SILTA_{name.upper()}": value for name, value in plain.items()}


class _Failing:
    """A store that does as it should until `after` objects were put."""

    def __init__(self, store: OffsiteStore, failure: Exception, *, after: int, times: int) -> None:
        self._store, self._failure, self._left, self._times = store, failure, after, times

    def put(self, name: str, content: bytes) -> None:
        self._left -= 1
        if self._left < 0 and self._times:
            self._times -= 1
            raise self._failure
        self._store.put(name, content)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


@pytest.mark.parametrize(
    ("failure", "code"),
    [(StoreFull(), "store_full"), (StoreDenied(), "store_denied"), (StoreFailed(), "store_failed")],
    ids=lambda one: str(one) if isinstance(one, str) else "",
)
def test_a_store_that_fails_harms_no_older_archive_and_is_told(
    station: Station, monkeypatch: pytest.MonkeyPatch, failure: Exception, code: str
) -> None:
    old = station.archive()
    failing = _Failing(station.depot.store, failure, after=2, times=99)
    yard = station.yard()
    broken = replace(yard, depot=replace(yard.depot, store=cast("OffsiteStore", failing)))
    monkeypatch.setattr("privacy.backups.archive.PartWriter", _hurried)
    with pytest.raises(type(failure)):
        run_backup(broken, force=True, part_bytes=20_000)
    assert [one.manifest.archive_id for one in station.depot.shelf().archives] == [
        old.manifest.archive_id
    ]
    assert _states(station)[0] == ("failed", code)
    watch(station)
    with station.opened.desk.installation(SYSTEM) as work:
        assert [alert for alert, _ in standing_alerts(work)] == [Alert.ARCHIVE_FAILED]
    station.archive()
    assert station.depot.shelf().orphans == {}
    watch(station)
    with station.opened.desk.installation(SYSTEM) as work:
        assert standing_alerts(work) == []


def _hurried(store: OffsiteStore, prefix: str, **given: Any) -> PartWriter:
    return PartWriter(store, prefix, pauses=(0.0, 0.0), **given)


def test_only_parts_are_tried_again(station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    yard = station.yard()
    stumbling = _Failing(yard.depot.store, StoreFailed(), after=2, times=2)
    shaky = replace(yard, depot=replace(yard.depot, store=cast("OffsiteStore", stumbling)))
    monkeypatch.setattr("privacy.backups.archive.PartWriter", _hurried)
    assert run_backup(shaky, force=True, part_bytes=20_000) is not None
    assert [state for state, _ in _states(station)] == ["whole"]


def watch(station: Station) -> None:
    """As the hourly job does."""
    context = TaskContext(
        cast("Any", station.opened), uuid.uuid4(), INSTALLATION_ID, "backup.watch", 0, {}
    )
    backups.watch(context)


@pytest.fixture
def years() -> Iterator[Any]:
    before = clock.offset()
    yield lambda days: clock.set_offset(before + timedelta(days=days))
    clock.set_offset(before)


@pytest.mark.promise("F4")
def test_one_a_day_kept_for_35_days_then_gone(station: Station, years: Any) -> None:
    """Due once a day; after 35 days deleted and looked for; the newest stays whatever its age."""
    first = run_backup(station.yard())
    assert first is not None
    assert run_backup(station.yard()) is None
    years(1)
    second = run_backup(station.yard())
    assert second is not None
    assert second.manifest.previous == first.digest
    years(34.9)
    station.archive()
    assert len(station.depot.shelf().archives) == 3
    years(36.1)
    last = run_backup(station.yard())
    assert last is not None
    numbers = [one.manifest.number for one in station.depot.shelf().archives]
    assert numbers == [3, 4]
    assert not (station.store / first.manifest.prefix).is_dir() or not list(
        (station.store / first.manifest.prefix).iterdir()
    )
    assert [state for state, _ in _states(station)].count("gone") == 2
    years(90)
    assert run_backup(station.yard()) is not None
    assert [one.manifest.number for one in station.depot.shelf().archives] == [5]


@pytest.mark.attack(66)
def test_a_key_that_may_not_delete_is_no_failure_and_is_told_of(
    station: Station, years: Any, monkeypatch: pytest.MonkeyPatch, silta: Silta
) -> None:
    """Write-once storage: who takes over this host deletes nothing."""
    station.archive()

    def deny(_store: OffsiteStore, _name: str) -> None:
        raise StoreDenied

    years(37)
    with monkeypatch.context() as patch:
        patch.setattr(OffsiteStore, "delete", deny)
        station.archive()
        assert "1 may not be deleted" in silta(station.settings, "backup", "sweep")
    assert len(station.depot.shelf().archives) == 2
    watch(station)
    with station.opened.desk.installation(SYSTEM) as work:
        assert Alert.ARCHIVE_KEPT in [alert for alert, _ in standing_alerts(work)]
    assert "1 archives were deleted" in silta(station.settings, "backup", "sweep")


def test_what_is_late_lost_or_missing_is_told_within_the_hour(station: Station, years: Any) -> None:
    station.house.alice.account()
    made = station.archive()
    watch(station)
    with station.opened.desk.installation(SYSTEM) as work:
        assert standing_alerts(work) == []
    for path in station.settings.escrow_epoch_folder.iterdir():
        path.rename(path.with_name("moved-" + path.name))
    for path in (station.store / made.manifest.prefix).iterdir():
        path.unlink()
    years(9)
    assert run_backup(station.yard()) is not None
    watch(station)
    with station.opened.desk.installation(SYSTEM) as work:
        standing = {alert for alert, _ in standing_alerts(work)}
    assert {Alert.ESCROW_LOST, Alert.ARCHIVE_MISSING, Alert.DRILL_OVERDUE} <= standing


def test_two_at_once_are_one(station: Station) -> None:
    engine = station.made.engines.backup
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(7451111)"))
        with pytest.raises(ArchiveRunning):
            station.archive()
        connection.rollback()
        connection.execute(text("SELECT pg_advisory_unlock_all()"))


@pytest.mark.promise("E4")
@pytest.mark.parametrize(
    ("services", "country", "place", "right"),
    [
        ({"V"}, "DE", "s3://b?region=eu-central-1", True),
        ({"V"}, "SE", "s3://b?region=eu-north-1", False),
        ({"V"}, "DE", "s3://b?region=us-east-1", False),
        ({"V"}, None, "s3://b?endpoint=https://s3.example.com", False),
        ({"V"}, "DE", "s3://b?endpoint=https://s3.example.com", True),
        ({"C"}, "SE", "/srv/archives", True),
        ({"C"}, "US", "/srv/archives", False),
        ({"C"}, None, "/srv/archives", False),
        ({"T"}, "US", "/srv/archives", True),
        (set(), None, "/srv/archives", True),
    ],
)
def test_the_store_is_where_every_profile_says(
    services: set[str], country: str | None, place: str, right: bool
) -> None:
    settings = Settings.model_validate(
        {
            "database_url": "postgresql:///none",
            "redis_url": "redis://localhost",
            "backup_store": place,
            "backup_country": country,
        }
    )
    if right:
        assert check_region(settings, services=services) == country
        return
    with pytest.raises(StoreAbroad):
        check_region(settings, services=services)


def test_after_a_standstill_nobody_is_told_while_the_archive_is_on_its_way(
    station: Station,
) -> None:
    station.archive()
    days = timedelta(days=31)
    clock.set_offset(days)
    try:
        with station.opened.desk.installation(SYSTEM) as work:
            enqueue(work, name=JobName.BACKUP_RUN)
        watch(station)
        with station.opened.desk.installation(SYSTEM) as work:
            assert Alert.ARCHIVE_OVERDUE not in dict(standing_alerts(work))
            work.connection.execute(text("UPDATE outbox_jobs SET state = 'done'"))
        watch(station)
        with station.opened.desk.installation(SYSTEM) as work:
            assert Alert.ARCHIVE_OVERDUE in dict(standing_alerts(work))
        station.archive()
        with station.opened.desk.installation(SYSTEM) as work:
            assert Alert.ARCHIVE_OVERDUE not in dict(standing_alerts(work)), "mended at once"
    finally:
        clock.set_offset(timedelta())
