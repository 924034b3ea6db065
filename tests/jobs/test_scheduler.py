"""The scheduler: one leads, the next takes over; slots become jobs once; ticks are apart."""

import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import psutil
import pytest
from sqlalchemy import text

from jobs.leadership import Leadership
from jobs.schedule import Entry, Schedule
from jobs.scheduler import Scheduler, standard_ticks
from jobs.ticks import Tick, TickThread
from privacy.core import clock
from privacy.core.db.engine import Engines
from privacy.core.db.locks import AdvisoryLock
from privacy.core.outbox.heartbeats import find_silent
from privacy.core.outbox.names import JobName
from tests.installations import Installation
from tests.jobs.samples import await_true, process

OFTEN = timedelta(seconds=0.05)
DAILY = Entry(JobName.RETENTION_RUN, "2 0 * * *")


@contextmanager
def running(installation: Installation, *ticks: Tick) -> Iterator[Scheduler]:
    """A scheduler in a thread of this process."""
    engines = Engines(installation.settings)
    scheduler = Scheduler(engines, ticks)
    thread = threading.Thread(target=scheduler.run)
    thread.start()
    try:
        yield scheduler
    finally:
        scheduler.stop()
        thread.join(20)
        engines.dispose()
        assert not thread.is_alive()


def test_one_leads_and_the_other_takes_over(installation: Installation) -> None:
    ran: list[str] = []
    first, second = (Tick("t", OFTEN, partial(ran.append, name)) for name in ("first", "second"))
    with running(installation, first) as leader:
        await_true(leader.leading.is_set)
        with running(installation, second) as standby:
            await_true(lambda: ran.count("first") > 3)
            assert not standby.leading.is_set()
            assert "second" not in ran
            leader.stop()
            await_true(lambda: "second" in ran, seconds=5)


def test_a_killed_leader_is_replaced_within_seconds(installation: Installation) -> None:
    with process(installation, "scheduler") as leader:
        assert await_lead(installation) > 0
        with process(installation, "scheduler") as standby:
            waiting = psutil.Process(standby.pid)
            await_true(lambda: bool(waiting.net_connections(kind="unix")))
            time.sleep(0.5)
            leader.kill()
            leader.wait()
            await_true(lambda: not _leaders(installation))
            await_true(lambda: len(_leaders(installation)) == 1, seconds=5)
            assert standby.poll() is None


def test_a_leader_without_its_session_leads_no_more(installation: Installation) -> None:
    first, second = (Leadership(installation.engines.relay) for _ in range(2))
    assert (first.check(), second.check(), first.check()) == (True, False, True)
    engine = installation.superuser()
    with engine.begin() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_locks "
                "WHERE locktype = 'advisory' AND database = "
                "(SELECT oid FROM pg_database WHERE datname = current_database())"
            )
        )
    assert (first.check(), second.check(), first.check()) == (False, True, False)
    first.give_back()
    second.give_back()


def test_a_failing_tick_spares_the_others(installation: Installation) -> None:
    ran: list[int] = []
    healed = threading.Event()

    def fail() -> None:
        if not healed.is_set():
            raise RuntimeError("+12025550142")

    ticks = (Tick("bad", OFTEN, fail), Tick("good", OFTEN, lambda: ran.append(1)))
    with running(installation, *ticks):
        await_true(lambda: len(ran) > 5)
        await_true(lambda: _beats(installation).get("scheduler.bad") == "RuntimeError")
        assert _beats(installation)["scheduler.good"] is None
        healed.set()
        await_true(lambda: _beats(installation)["scheduler.bad"] is None, seconds=10)


def test_a_hanging_tick_spares_the_others(installation: Installation) -> None:
    ran: list[int] = []
    release = threading.Event()
    ticks = (
        Tick("slow", OFTEN, lambda: release.wait(20)),
        Tick("good", OFTEN, lambda: ran.append(1)),
    )
    with running(installation, *ticks):
        await_true(lambda: len(ran) > 5)
        release.set()


def test_silence_is_noticed(installation: Installation) -> None:
    with running(installation, Tick("quiet", OFTEN, lambda: None)):
        await_true(lambda: "scheduler.quiet" in _beats(installation))
    with installation.engines.app.connect() as connection:
        assert find_silent(connection) == []
        assert find_silent(connection, grace=timedelta(seconds=-60)) == ["scheduler.quiet"]


@pytest.mark.parametrize(
    ("now", "slot"),
    [
        ("2026-03-10T00:01:59+00:00", "2026-03-09T00:02:00+00:00"),
        ("2026-03-10T00:02:00+00:00", "2026-03-10T00:02:00+00:00"),
        ("2026-03-10T00:02:00.5+00:00", "2026-03-10T00:02:00+00:00"),
        ("2026-03-29T03:30:00+03:00", "2026-03-29T00:02:00+00:00"),
        ("2028-03-01T00:01:00+00:00", "2028-02-29T00:02:00+00:00"),
    ],
)
@pytest.mark.attack(68)
def test_slots_are_utc_through_summer_time_and_leap_days(now: str, slot: str) -> None:
    assert DAILY.slot(datetime.fromisoformat(now)) == datetime.fromisoformat(slot)
    assert DAILY.slot(datetime.fromisoformat(now)).tzinfo is UTC


def test_a_slot_becomes_a_job_once_with_two_schedulers(installation: Installation) -> None:
    engines = [installation.engines, Engines(installation.settings)]
    schedules = [Schedule(each.app, [DAILY]) for each in engines]
    start = threading.Barrier(2)

    def add(schedule: Schedule) -> None:
        start.wait()
        for _ in range(5):
            schedule.add_due()

    threads = [threading.Thread(target=add, args=(schedule,)) for schedule in schedules]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    engines[1].dispose()
    assert installation.count("outbox_jobs") == 1


def test_a_missed_night_is_caught_up_once(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert Schedule(installation.engines.app, [DAILY]).add_due() == 1
    assert Schedule(installation.engines.app, [DAILY]).add_due() == 0, "a second boot"
    monkeypatch.setattr(clock, "_offset", timedelta(days=5))
    assert Schedule(installation.engines.app, [DAILY]).add_due() == 1, "five missed, one made up"


def test_the_standard_ticks_run(installation: Installation, redis: Any) -> None:
    ticks = standard_ticks(installation.settings, installation.engines)
    for tick in ticks:
        tick.run()
    assert {tick.name for tick in ticks} == {"relay", "schedule", "sweep", "prune"}
    ticks[0].run()
    assert redis.llen("rq:queue:urgent") > 0


def test_a_rare_tick_runs_as_soon_as_we_lead(installation: Installation) -> None:
    """Else one that runs hourly would never run where the scheduler starts anew more often."""
    leading, over, ran = threading.Event(), threading.Event(), threading.Event()
    tick = Tick("rare", timedelta(hours=1), ran.set)
    thread = TickThread(tick, engine=installation.engines.relay, leading=leading, over=over)
    thread.start()
    assert not ran.wait(0.2), "another process leads"
    leading.set()
    assert ran.wait(5)
    over.set()
    thread.join(5)
    assert not thread.is_alive()


def test_a_stopped_scheduler_ends_cleanly(installation: Installation, redis: Any) -> None:
    with process(installation, "scheduler") as scheduler:
        await_lead(installation)
        scheduler.terminate()
        assert scheduler.wait(10) == 0
    assert b"Traceback" not in (installation.folder / "scheduler.log").read_bytes()


def await_lead(installation: Installation) -> int:
    """Wait for a leader; returns its backend's process id."""
    await_true(lambda: bool(_leaders(installation)))
    return _leaders(installation)[0]


def _leaders(installation: Installation) -> list[int]:
    return _ask(
        installation,
        "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND database = "
        "(SELECT oid FROM pg_database WHERE datname = current_database())",
        lambda row: int(row[0]),
    )


def _beats(installation: Installation) -> dict[str, str | None]:
    query = "SELECT part, failure_code FROM heartbeats"
    return dict(_ask(installation, query, lambda row: (row[0], row[1])))


def _ask(installation: Installation, query: str, read: Callable[[Any], Any]) -> list[Any]:
    engine = installation.superuser()
    with engine.connect() as connection:
        return [read(row) for row in connection.execute(text(query))]


def test_no_two_parts_of_the_service_share_an_advisory_lock() -> None:
    """The scheduler holds its lock as long as it lives: whoever shared it would wait for ever."""
    root = Path(__file__).parents[2]
    numbered = [
        source.name
        for floor in ("privacy", "tenants", "connector", "jobs", "migrations")
        for source in (root / floor).rglob("*.py")
        if re.search(r"advisory\w*\(\s*\d|(?<!B)LOCK\w* = \d", source.read_text())
    ]
    assert numbered == [], "name the lock in privacy/core/db/locks.py"
    assert len({lock.value for lock in AdvisoryLock}) == len(AdvisoryLock.__members__)
