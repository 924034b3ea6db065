"""A clock that leaps destroys nothing before somebody has looked (ATTACK 68)."""

from datetime import timedelta

import pytest

from privacy.core import clock
from privacy.core.watch import ClockHalted, Witness, accept_clock, halt_clock, watch_clock
from tests.installations import Installation

pytestmark = pytest.mark.attack(68)


def test_a_witness_sees_a_leap_that_no_elapsed_time_explains() -> None:
    witness, moment = Witness(), clock.now()
    assert not witness.leapt(moment)
    assert not witness.leapt(moment + timedelta(minutes=9))
    assert witness.leapt(moment + timedelta(days=31))
    assert not witness.leapt(moment + timedelta(days=31))


def test_time_that_really_went_by_is_no_leap(monkeypatch: pytest.MonkeyPatch) -> None:
    """A host that slept for a week wakes up a week later."""
    witness, moment, started = Witness(), clock.now(), clock.uptime()
    assert not witness.leapt(moment)
    week = timedelta(days=7)
    monkeypatch.setattr(clock, "uptime", lambda: started + week.total_seconds())
    assert not witness.leapt(moment + week)
    assert witness.leapt(moment)


def test_a_halt_lasts_until_somebody_accepts_the_time(installation: Installation) -> None:
    engine = installation.engines.app
    with engine.begin() as connection:
        watch_clock(connection)
        halt_clock(connection)
    for _ in range(2):
        with engine.begin() as connection, pytest.raises(ClockHalted):
            watch_clock(connection)
    with engine.begin() as connection:
        accept_clock(connection)
        assert watch_clock(connection) <= clock.now() + timedelta(minutes=1)
