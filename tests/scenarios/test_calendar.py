"""Leap days, changes of the hour, ends of months: a day is a UTC day, and it is kept 30 days."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from connector.calls.ingest import ingest_calls
from connector.calls.queries import Query
from connector.calls.search import search_calls
from privacy.core import clock
from privacy.retention.rules import day_rules
from privacy.retention.run import RetentionReport, run_retention
from privacy.vault.keys import end_of
from tests.factories import a_call
from tests.tenancies import House

STARTS = (
    datetime(2027, 3, 28, tzinfo=UTC),  # the clocks of Helsinki go forward at 01:00 UTC
    datetime(2028, 1, 31, tzinfo=UTC),  # its 30th day is 29 February
    datetime(2032, 2, 29, tzinfo=UTC),
)
Travel = Callable[[datetime], None]


@pytest.fixture
def travel(house: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[Travel]:
    """Moves every clock; process and database live in Helsinki meanwhile."""
    installed = house.installation
    with installed.superuser().begin() as connection:
        zone = f"ALTER DATABASE {installed.database} SET timezone = 'Europe/Helsinki'"
        connection.execute(text(zone))
    installed.engines.dispose()
    monkeypatch.setenv("TZ", "Europe/Helsinki")
    time.tzset()
    before = clock.offset()

    def go(moment: datetime) -> None:
        clock.set_offset(clock.offset() + (moment - clock.now()))

    yield go
    clock.set_offset(before)
    monkeypatch.undo()
    time.tzset()


@pytest.mark.attack(68)
def test_a_day_ends_as_its_thirtieth_does(house: House, travel: Travel) -> None:
    account = house.alice.account()
    for start in STARTS:
        travel(start + timedelta(hours=21))
        retain(house)
        moments = [start + timedelta(seconds=1), start + timedelta(hours=20, minutes=59)]
        calls = [a_call(started_at=moment) for moment in moments]
        with house.alice.work() as work:
            taken = ingest_calls(work, vault=house.vault, account=account, calls=calls)
        assert taken.accepted == 2
        last = start + timedelta(days=29, hours=23, minutes=59, seconds=50)
        travel(last)
        assert found(house) == sorted(moments)
        retain(house)
        travel(last)  # a slow machine sweeps for longer than the ten seconds that are left
        assert found(house) == sorted(moments)
        travel(start + timedelta(days=30, seconds=1))
        assert found(house) == []  # the sweep comes later
        assert keys_of(house, start) > 0
        retain(house)
        assert keys_of(house, start) == 0
        assert house.installation.count("calls") == 0


@pytest.mark.attack(68)
def test_what_ends_and_what_is_swept_agree_on_every_day_of_two_years() -> None:
    first = datetime(2027, 1, 1, tzinfo=UTC)
    for rule in day_rules():
        for n in range(366 + 365):
            today = first + timedelta(days=n)
            due = rule.last_due(today.date())
            assert end_of(due, rule.keep) == today
            assert end_of(due + timedelta(days=1), rule.keep) > today + timedelta(hours=23)


def retain(house: House) -> RetentionReport:
    """The nightly run."""
    return run_retention(house.installation.engines, house.custody)


def found(house: House) -> list[datetime]:
    """Starts of the calls that are served."""
    with house.alice.work() as work:
        page = search_calls(work, vault=house.vault, query=Query(), cursor=None, limit=100)
    return sorted(call.record.started_at for call in page.calls)


def keys_of(house: House, day: datetime) -> int:
    """Keys of calls of that day."""
    statement = f"SELECT count(*) FROM key_ring WHERE data = 'calls' AND day = '{day:%Y-%m-%d}'"
    ((count,),) = house.rows(statement)
    return int(str(count))
