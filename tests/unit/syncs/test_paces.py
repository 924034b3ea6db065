"""Requests at a pace, and within somebody's patience."""

import threading
from collections import deque

import pytest

from connector.outbound.client import Answer, Limits, Outbound
from connector.outbound.failures import TimedOut
from connector.outbound.paces import PacedOutbound
from connector.outbound.recipients import Recipients
from privacy.core import clock

URL = "https://example.com/"


class OwnTurns:
    """Turns of this object alone, as if nobody shared its budget."""

    def __init__(self, per_minute: int) -> None:
        self._lock = threading.Lock()
        self._taken: deque[float] = deque(maxlen=max(per_minute, 1))

    def take(self, longest: float | None) -> float:
        """See Turns."""
        with self._lock:
            wait = 0.0
            if len(self._taken) == self._taken.maxlen:
                wait = max(0.0, self._taken[0] + 60.0 - clock.monotonic())
            if longest is not None and wait > longest:
                raise TimedOut(log="the minute's requests are used up")
            self._taken.append(clock.monotonic() + wait)
        return wait


class Times:
    """A clock that moves when somebody waits."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now, self.waited = 1000.0, [0.0]
        self.limits: list[Limits | None] = []
        monkeypatch.setattr("connector.outbound.paces.monotonic", lambda: self.now)
        monkeypatch.setattr(clock, "monotonic", lambda: self.now)
        monkeypatch.setattr(Outbound, "send", self._send)

    def pause(self, seconds: float) -> None:
        self.now += seconds
        self.waited.append(seconds)

    def _send(self, *given: object, limits: Limits | None = None, **said: object) -> Answer:
        self.limits.append(limits)
        return Answer(200, {}, b"")  # type: ignore[arg-type]


def test_more_than_a_minutes_requests_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    times = Times(monkeypatch)
    paced = PacedOutbound(Recipients([]), turns=OwnTurns(10), pause=times.pause)
    for _ in range(35):
        paced.send("GET", URL)
    assert sum(times.waited) == pytest.approx(180)
    assert times.now - 1000 == pytest.approx(180)


def test_slow_requests_wait_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    times = Times(monkeypatch)
    paced = PacedOutbound(Recipients([]), turns=OwnTurns(10), pause=times.pause)
    for _ in range(35):
        paced.send("GET", URL)
        times.now += 7
    assert sum(times.waited) == 0


def test_patience_shortens_each_request_and_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    times = Times(monkeypatch)
    paced = PacedOutbound(Recipients([]), turns=OwnTurns(100), patience=5.0, pause=times.pause)
    paced.send("GET", URL, limits=Limits(total_seconds=120))
    times.now += 3
    paced.send("GET", URL)
    assert [limits.total_seconds for limits in times.limits if limits] == [5.0, 2.0]
    times.now += 3
    with pytest.raises(TimedOut):
        paced.send("GET", URL)


def test_who_waits_is_not_made_to_wait_for_a_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    times = Times(monkeypatch)
    paced = PacedOutbound(Recipients([]), turns=OwnTurns(2), patience=5.0, pause=times.pause)
    paced.send("GET", URL)
    paced.send("GET", URL)
    with pytest.raises(TimedOut):
        paced.send("GET", URL)
